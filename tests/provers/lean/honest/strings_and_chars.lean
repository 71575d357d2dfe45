-- why: strings and characters (compiles: yes)
/-! statement
theorem foo : ("ab" ++ "cd").toList = ['a', 'b', 'c', 'd']
-/
theorem foo : ("ab" ++ "cd").toList = ['a', 'b', 'c', 'd'] := by
  decide
