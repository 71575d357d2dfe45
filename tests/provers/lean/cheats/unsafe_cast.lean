-- why: a cast between types (compiles: no)
/-! statement
theorem foo : (1 : Nat) = 2
-/
theorem foo : (1 : Nat) = 2 := unsafeCast (rfl : (1 : Nat) = 1)
