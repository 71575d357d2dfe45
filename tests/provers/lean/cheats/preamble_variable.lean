-- why: a section variable has the name of the function (compiles: yes)
/-! statement
def secret : Nat := 42
theorem foo : secret + 0 = secret
-/
variable (secret : Nat)

theorem foo : secret + 0 = secret := rfl
