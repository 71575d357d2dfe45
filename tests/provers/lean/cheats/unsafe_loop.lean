-- why: a theorem by an unsafe function (compiles: no)
/-! statement
theorem foo : False
-/
unsafe def loop : False := loop

theorem foo : False := loop
