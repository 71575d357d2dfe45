-- why: `suffices`, `obtain`, `show`, `nomatch` and `by` in terms (compiles: yes)
/-! statement
theorem foo (p q : Prop) (h : p ∨ False) (i : p → q) : q ∧ ¬ False
-/
theorem foo (p q : Prop) (h : p ∨ False) (i : p → q) : q ∧ ¬ False := by
  suffices hp : p from ⟨i hp, nofun⟩
  obtain hp | impossible := h
  · show p
    exact hp
  · exact nomatch impossible
