-- why: a public definition rests on a private one of another name and another value (compiles: yes)
/-! statement
def base : Nat := 5
private def bar : Nat := base
def pub : Nat := bar
theorem foo : pub = 6
-/
def base : Nat := 6
private def bar2 : Nat := base
def pub : Nat := bar2
theorem foo : pub = 6 := rfl
