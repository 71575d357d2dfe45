-- why: the function of the statement is private, another in name (compiles: yes)
/-! statement
def secret : Nat := 42
theorem foo : secret = 42
-/
private def secret : Nat := 42

theorem foo : secret = 42 := rfl
