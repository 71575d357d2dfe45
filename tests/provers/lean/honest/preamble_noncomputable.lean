-- why: a noncomputable definition (compiles: yes)
/-! statement
noncomputable def pick (p : Nat → Prop) (h : ∃ n, p n) : Nat := Classical.choose h
theorem foo (p : Nat → Prop) (h : ∃ n, p n) : p (pick p h)
-/
noncomputable def pick (p : Nat → Prop) (h : ∃ n, p n) : Nat := Classical.choose h

theorem foo (p : Nat → Prop) (h : ∃ n, p n) : p (pick p h) := Classical.choose_spec h
