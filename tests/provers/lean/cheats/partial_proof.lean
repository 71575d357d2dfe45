-- why: a partial definition without an inhabitant (compiles: no)
/-! statement
theorem foo : False
-/
partial def foo : False := foo
