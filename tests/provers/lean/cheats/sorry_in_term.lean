-- why: the gap is deep in a term, in parentheses (compiles: yes)
/-! statement
theorem foo (p q : Prop) (h : p ∨ q) : p
-/
theorem foo (p q : Prop) (h : p ∨ q) : p :=
  h.elim (fun hp => hp) (fun _ => (by exact (by sorry : _)))
