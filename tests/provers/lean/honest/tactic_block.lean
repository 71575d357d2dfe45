-- why: nested goals by bullets (compiles: yes)
/-! statement
theorem foo (p q : Prop) : p ∧ q ↔ q ∧ p
-/
theorem foo (p q : Prop) : p ∧ q ↔ q ∧ p := by
  constructor
  · intro ⟨hp, hq⟩
    exact ⟨hq, hp⟩
  · rintro ⟨hq, hp⟩
    constructor
    · assumption
    · assumption
