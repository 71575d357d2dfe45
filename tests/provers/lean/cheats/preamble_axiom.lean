-- why: the function is an axiom (compiles: yes)
/-! statement
def secret : Nat := 42
theorem foo : 0 * secret = 0
-/
axiom secret : Nat

theorem foo : 0 * secret = 0 := Nat.zero_mul _
