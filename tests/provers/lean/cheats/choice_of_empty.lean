-- why: an element of an empty type, by choice (compiles: no)
/-! statement
theorem foo : False
-/
theorem foo : False := (Classical.choice inferInstance : Empty).elim
