-- why: `sorryAx` as the elaborator writes it after an error, which is not warned of (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = 0
-/
theorem foo (a b : Nat) : a * b = 0 := sorryAx (a * b = 0) (synthetic := true)
