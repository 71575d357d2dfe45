-- why: `min` for `max` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : max a b ≤ a
-/
theorem foo (a b : Nat) : min a b ≤ a := Nat.min_le_left a b
