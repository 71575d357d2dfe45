-- why: a macro writes `native_decide` (compiles: varies)
/-! statement
theorem foo : 123456789 % 9 = 0
-/
macro "compute" : tactic => `(tactic| native_decide)

theorem foo : 123456789 % 9 = 0 := by
  compute
