-- why: the compiler's own unsafe proof of everything (compiles: no)
/-! statement
theorem foo : (1 : Nat) = 2
-/
theorem foo : (1 : Nat) = 2 := lcProof
