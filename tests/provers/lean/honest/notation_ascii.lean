-- why: the statement in ASCII as far as Lean has it (compiles: yes)
/-! statement
theorem foo (p q : Prop) : p ∧ q → ∃ x : Nat, x ≤ 0 ∧ ¬ (x ≠ 0) ∨ q
-/
theorem foo (p q : Prop) : p /\ q -> exists x : Nat, x <= 0 /\ Not (x ≠ 0) \/ q := by
  exact fun h => ⟨0, .inl ⟨Nat.le_refl 0, fun h' => h' rfl⟩⟩
