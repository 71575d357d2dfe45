-- why: the statement without a proof (compiles: no)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem foo (n : Nat) : n + 0 = n
