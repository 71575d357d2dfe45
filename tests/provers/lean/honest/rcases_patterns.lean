-- why: nested patterns (compiles: yes)
/-! statement
theorem foo (p q r : Prop) : p ∧ (q ∨ r) → (p ∧ q) ∨ (p ∧ r)
-/
theorem foo (p q r : Prop) : p ∧ (q ∨ r) → (p ∧ q) ∨ (p ∧ r) := by
  intro h
  rcases h with ⟨hp, hq | hr⟩
  all_goals first | exact .inl ⟨hp, hq⟩ | exact .inr ⟨hp, hr⟩
