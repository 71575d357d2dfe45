-- why: the constant of the statement is bound as an argument (compiles: yes)
/-! statement
def secret : Nat := 42
theorem foo : secret = 41 → False
-/
theorem foo {secret : Nat} (_ : secret = 42) : secret = 41 → False := by omega
