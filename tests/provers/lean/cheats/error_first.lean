-- why: the last alternative does nothing (compiles: no)
/-! statement
theorem foo (n : Nat) : n = 0
-/
theorem foo (n : Nat) : n = 0 := by
  first
    | omega
    | skip
