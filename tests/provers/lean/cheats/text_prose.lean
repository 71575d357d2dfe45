-- why: prose, not Lean (compiles: no)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
The claim follows at once from the definition of addition, since n + 0 reduces to n.
