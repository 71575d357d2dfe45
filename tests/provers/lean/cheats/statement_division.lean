-- why: exact division where the integers' was asked (compiles: yes)
/-! statement
theorem foo (x : Int) (h : x / 4 = 12) : x = 48
-/
theorem foo (x : Rat) (h : x / 4 = 12) : x = 48 := by grind
