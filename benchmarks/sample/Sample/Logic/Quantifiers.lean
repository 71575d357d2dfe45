import Sample.Logic.Connectives

/-!
# Quantifiers
-/

namespace Sample.Logic

variable {α β : Type} {p q : α → Prop}

/-- There is one, and only one. -/
def Unique (p : α → Prop) : Prop := ∃ a, p a ∧ ∀ b, p b → b = a

/-- There is at most one. -/
def AtMostOne (p : α → Prop) : Prop := ∀ a b, p a → p b → a = b

theorem not_exists_iff : (¬ ∃ a, p a) ↔ ∀ a, ¬ p a := by
  sorry

theorem not_forall_iff : (¬ ∀ a, p a) ↔ ∃ a, ¬ p a := by
  sorry

theorem swap_exists_forall {r : α → β → Prop} (h : ∃ a, ∀ b, r a b) : ∀ b, ∃ a, r a b := by
  intro b
  obtain ⟨a, ha⟩ := h
  exact ⟨a, ha b⟩

theorem Unique.atMostOne (h : Unique p) : AtMostOne p := by
  obtain ⟨c, _, hc⟩ := h
  intro a b ha hb
  rw [hc a ha, hc b hb]

theorem unique_iff : Unique p ↔ (∃ a, p a) ∧ AtMostOne p := by
  constructor
  · intro h
    refine ⟨?_, h.atMostOne⟩
    obtain ⟨a, ha, _⟩ := h
    exact ⟨a, ha⟩
  · rintro ⟨⟨a, ha⟩, h⟩
    exact ⟨a, ha, fun b hb => h b a hb ha⟩

theorem AtMostOne.mono (h : AtMostOne q) (hpq : ∀ a, p a → q a) : AtMostOne p :=
  fun a b ha hb => h a b (hpq a ha) (hpq b hb)

end Sample.Logic
