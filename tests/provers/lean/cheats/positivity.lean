-- why: an inductive type that contains the functions into `False` from itself (compiles: no)
/-! statement
theorem foo : False
-/
inductive Bad : Type
  | mk : (Bad → False) → Bad

theorem no : Bad → False
  | .mk f => f (.mk f)

theorem foo : False := no (.mk no)
