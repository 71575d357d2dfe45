-- why: the constant has a name as the elaborator makes them (compiles: yes)
/-! statement
def _value : Nat := 42
theorem foo : _value % 5 = 0
-/
def _value : Nat := 40

theorem foo : _value % 5 = 0 := rfl
