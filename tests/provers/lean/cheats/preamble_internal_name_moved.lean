-- why: a constant with an internal name gives way to another one (compiles: yes)
/-! statement
def _limit : Nat := 42
def bound : Nat := 42
theorem foo : _limit % 5 = 0
-/
def _border : Nat := 40
def bound : Nat := 42
notation "_limit" => _border

theorem foo : _limit % 5 = 0 := rfl
