-- why: two arguments of one type change places (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : a < b) : a < b + b ∧ b ≠ 0 ∧ b < a + b + 1 ∧ b ≤ a
-/
theorem foo (b a : Nat) (h : a ≤ b) : a ≤ b + b := by omega
