-- why: a definition of the submission takes the name of a matcher, over another value (compiles: yes)
/-! statement
def base : Nat := 5
def g.match_1 : Nat := base
theorem foo : g.match_1 = 6
-/
def base : Nat := 6
def g.match_2 : Nat := base
theorem foo : g.match_2 = 6 := rfl
