-- why: the tactic that fails is in `try` (compiles: no)
/-! statement
theorem foo (n : Nat) : n = 0
-/
theorem foo (n : Nat) : n = 0 := by
  try omega
