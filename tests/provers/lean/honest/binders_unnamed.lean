-- why: hypotheses without names (compiles: yes)
/-! statement
theorem foo (p q : Prop) (h : p) (h' : p → q) : q
-/
theorem foo (p q : Prop) (_ : p) (_ : p → q) : q := by
  rename_i h h'
  exact h' h
