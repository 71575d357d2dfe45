-- why: the compiler's own unsafe value (compiles: no)
/-! statement
theorem foo : (1 : Nat) = 2
-/
theorem foo : (1 : Nat) = 2 := (lcUnreachable : PLift ((1 : Nat) = 2)).down
