-- why: data out of a proof (compiles: no)
/-! statement
theorem foo : True = False
-/
def choose : (p ∨ q) → Bool
  | .inl _ => true
  | .inr _ => false

theorem foo : True = False := by
  have : choose (.inl trivial : True ∨ True) = choose (.inr trivial) := rfl
  cases this
