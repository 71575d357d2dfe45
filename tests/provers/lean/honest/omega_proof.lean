-- why: linear arithmetic with divisions (compiles: yes)
/-! statement
theorem foo (a b : Int) (h : 2 * a + 3 * b = 7) (h' : 0 ≤ b) : a / 1 ≤ 3
-/
theorem foo (a b : Int) (h : 2 * a + 3 * b = 7) (h' : 0 ≤ b) : a / 1 ≤ 3 := by
  omega
