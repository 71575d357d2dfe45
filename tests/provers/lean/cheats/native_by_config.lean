-- why: the option is set in a configuration (compiles: varies)
/-! statement
theorem foo : (List.range 50).length = 50
-/
theorem foo : (List.range 50).length = 50 := by
  decide (config := { native := true })
