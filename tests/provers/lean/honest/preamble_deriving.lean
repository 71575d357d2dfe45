-- why: an enumeration with derived instances that the statement uses (compiles: yes)
/-! statement
inductive Colour
  | red | green | blue
deriving DecidableEq, Repr, Inhabited
theorem foo (c : Colour) (h : (if c = Colour.red then 1 else 0) = 1) : c = default
-/
inductive Colour
  | red | green | blue
deriving DecidableEq, Repr, Inhabited

theorem foo (c : Colour) (h : (if c = Colour.red then 1 else 0) = 1) : c = default := by
  cases c
  · rfl
  · exact absurd h (by decide)
  · exact absurd h (by decide)
