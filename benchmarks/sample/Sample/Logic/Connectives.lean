/-!
# Connectives

Laws of propositional logic, some of them classical.
-/

namespace Sample.Logic

variable {p q r s : Prop}

/-- Exactly one of two propositions holds. -/
def ExactlyOne (p q : Prop) : Prop := (p ∧ ¬ q) ∨ (q ∧ ¬ p)

/-- Neither proposition holds. -/
def Neither (p q : Prop) : Prop := ¬ p ∧ ¬ q

theorem not_or_iff : ¬ (p ∨ q) ↔ Neither p q := by
  exact not_or

theorem exactlyOne_comm : ExactlyOne p q ↔ ExactlyOne q p :=
  Or.comm

theorem exactlyOne_iff : ExactlyOne p q ↔ ((p ∨ q) ∧ ¬ (p ∧ q)) := by
  unfold ExactlyOne
  sorry

theorem not_exactlyOne_self : ¬ ExactlyOne p p := by
  rintro (⟨h, h'⟩ | ⟨h, h'⟩) <;> exact h' h

theorem peirce (h : (p → q) → p) : p := by
  by_cases hp : p
  · exact hp
  · exact h fun hp' => absurd hp' hp

theorem imp_or_imp : (p → q) ∨ (q → p) := by
  sorry

end Sample.Logic
