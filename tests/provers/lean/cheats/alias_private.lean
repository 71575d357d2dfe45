-- why: a private constant under another name rests on a definition with another value (compiles: yes)
/-! statement
def base : Nat := 5
private def bar : Nat := base
theorem foo : bar = 6
-/
def base : Nat := 6
private def bar2 : Nat := base
theorem foo : bar2 = 6 := rfl
