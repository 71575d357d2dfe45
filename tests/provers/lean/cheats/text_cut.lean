-- why: the proof is cut off (compiles: no)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem foo (n : Nat) : n + 0 = n := by
  have h : n + 0 =
