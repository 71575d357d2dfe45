-- why: `native_decide` as an option of `decide` (compiles: varies)
/-! statement
theorem foo : (List.range 50).length = 50
-/
theorem foo : (List.range 50).length = 50 := by
  decide +native
