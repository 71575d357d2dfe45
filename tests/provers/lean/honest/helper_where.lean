-- why: the work is done in a `where` clause (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : a ≤ b) : a * a ≤ b * b
-/
theorem foo (a b : Nat) (h : a ≤ b) : a * a ≤ b * b := squares a b h
where
  squares (x y : Nat) (h : x ≤ y) : x * x ≤ y * y := Nat.mul_le_mul h h
