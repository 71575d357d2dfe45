-- why: commutative rings (compiles: yes)
/-! statement
theorem foo (x y : Int) (h : x + y = 3) (h' : x * y = 2) : x * x + y * y = 5
-/
theorem foo (x y : Int) (h : x + y = 3) (h' : x * y = 2) : x * x + y * y = 5 := by
  grind
