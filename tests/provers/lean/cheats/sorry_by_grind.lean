-- why: a `grind` script that ends in `sorry`, as `grind?` writes it where it fails (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = b * b
-/
theorem foo (a b : Nat) : a * b = b * b := by
  grind => sorry
