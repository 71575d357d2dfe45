-- why: an axiom that says `False` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b < a
-/
axiom oracle : False

theorem foo (a b : Nat) : a + b < a := oracle.elim
