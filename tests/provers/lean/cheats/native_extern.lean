-- why: compiled code is some C function (compiles: varies)
/-! statement
theorem foo : False
-/
@[extern "lean_nat_add"]
def subtract (a b : Nat) : Nat := a - b

theorem claim : subtract 1 1 = 2 := by
  native_decide

theorem foo : False := absurd claim (by decide)
