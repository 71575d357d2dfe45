-- why: an option turns `omega` and others into `sorry` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b < a
-/
set_option debug.terminalTacticsAsSorry true in
theorem foo (a b : Nat) : a + b < a := by
  omega
