-- why: assumes more than was given (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a / b * b = a
-/
theorem foo (a b : Nat) (h : b ∣ a) : a / b * b = a := Nat.div_mul_cancel h
