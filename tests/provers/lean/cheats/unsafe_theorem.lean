-- why: an unsafe theorem that proves itself (compiles: no)
/-! statement
theorem foo : False
-/
unsafe theorem foo : False := foo
