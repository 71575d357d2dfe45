-- why: rational numbers (compiles: yes)
/-! statement
theorem foo (x : Rat) (h : x / 4 = 12) : x = 48
-/
theorem foo (x : Rat) (h : x / 4 = 12) : x = 48 := by
  grind
