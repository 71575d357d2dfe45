-- why: one step of a `calc` is not proved (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = a + b
-/
theorem foo (a b : Nat) : a * b = a + b :=
  calc
    a * b = b * a := Nat.mul_comm a b
    _ = b + a := sorry
    _ = a + b := Nat.add_comm b a
