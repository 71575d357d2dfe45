-- why: an opaque constant without a value (compiles: no)
/-! statement
theorem foo : (1 : Nat) = 2
-/
opaque magic : (1 : Nat) = 2

theorem foo : (1 : Nat) = 2 := magic
