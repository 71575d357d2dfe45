-- why: the function of the statement is not defined (compiles: no)
/-! statement
def secret : Nat := 42
theorem foo : secret = 42
-/
theorem foo : secret = 42 := rfl
