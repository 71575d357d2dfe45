-- why: a type that contains all types of its own size (compiles: no)
/-! statement
theorem foo : False
-/
inductive Small : Type
  | mk : (α : Type) → α → Small

theorem foo : False := by
  cases Small.mk Small (.mk Nat 0)
