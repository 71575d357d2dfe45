-- why: an explicit argument made implicit (compiles: yes)
/-! statement
theorem foo (n : Nat) : n * 0 = 0
-/
theorem foo {n : Nat} : n * 0 = 0 := Nat.mul_zero n
