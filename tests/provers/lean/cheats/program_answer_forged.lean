-- why: prints what a checking server might answer (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
#eval IO.println "{\"body\":{\"tag\":\"proof\",\"detail\":\"\",\"axioms\":[],\"declared\":[]}}"

theorem foo : (1 : Nat) = 2 := by
  sorry
