-- why: the value of the function is left open (compiles: yes)
/-! statement
def secret : Nat := 42
theorem foo : secret = secret + 0
-/
def secret : Nat := sorry

theorem foo : secret = secret + 0 := rfl
