-- why: no newline at the end (compiles: yes)
/-! statement
theorem foo (n : Nat) : n = n
-/
theorem foo (n : Nat) : n = n := by
  rfl