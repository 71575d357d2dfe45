-- why: the numbers are integers, not natural numbers (compiles: yes)
/-! statement
theorem foo : 2 - 3 + 3 = 2
-/
theorem foo : (2 : Int) - 3 + 3 = 2 := by decide
