-- why: trusts the compiler (compiles: varies)
/-! statement
theorem foo : (List.range 50).length = 50
-/
theorem foo : (List.range 50).length = 50 := by
  native_decide
