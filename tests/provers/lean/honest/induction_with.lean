-- why: structured induction (compiles: yes)
/-! statement
theorem foo (n : Nat) : 0 + n = n
-/
theorem foo (n : Nat) : 0 + n = n := by
  induction n with
  | zero => rfl
  | succ n ih => rw [← Nat.add_assoc, ih]
