-- why: the inductive type has one value less (compiles: yes)
/-! statement
inductive Colour
  | red
  | green
theorem foo : ∀ c d : Colour, c = d
-/
inductive Colour
  | red

theorem foo : ∀ c d : Colour, c = d := by
  intro c d
  cases c
  cases d
  rfl
