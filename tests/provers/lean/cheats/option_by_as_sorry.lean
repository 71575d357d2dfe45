-- why: an option turns every `by` into `sorry` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b < a
-/
set_option debug.byAsSorry true in
theorem foo (a b : Nat) : a + b < a := by
  omega
