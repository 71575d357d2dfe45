-- why: a constant whose name begins with an underscore, under another name, over another value (compiles: yes)
/-! statement
def base : Nat := 5
def _bar : Nat := base
theorem foo : _bar = 6
-/
def base : Nat := 6
def _bar2 : Nat := base
theorem foo : _bar2 = 6 := rfl
