-- why: the word of Lean 3 for an axiom (compiles: no)
/-! statement
theorem foo : (1 : Nat) = 2
-/
constant magic : (1 : Nat) = 2

theorem foo : (1 : Nat) = 2 := magic
