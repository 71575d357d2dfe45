import Sample.Logic.Relation

/-!
# The reflexive and transitive closure of a relation
-/

namespace Sample.Logic

open Rel

/-- Zero or more steps of a relation. -/
inductive Star {α : Type} (r : Rel α) : α → α → Prop
  | refl (a : α) : Star r a a
  | step {a b c : α} : r a b → Star r b c → Star r a c

/-- A number of steps of a relation. -/
def Steps {α : Type} (r : Rel α) : Nat → α → α → Prop
  | 0, a, b => a = b
  | n + 1, a, c => ∃ b, r a b ∧ Steps r n b c

variable {α : Type} {r s : Rel α} {a b c : α}

theorem Star.single (h : r a b) : Star r a b := by
  sorry

theorem Star.trans (h : Star r a b) (h' : Star r b c) : Star r a c := by
  sorry

theorem Star.tail (h : Star r a b) (h' : r b c) : Star r a c := by
  exact h.trans (.single h')

theorem Star.mono (hrs : Sub r s) (h : Star r a b) : Star s a b := by
  induction h with
  | refl => exact .refl _
  | step hab _ ih => exact .step (hrs _ _ hab) ih

theorem star_star (h : Star (Star r) a b) : Star r a b := by
  induction h with
  | refl => exact .refl _
  | step hab _ ih => exact hab.trans ih

theorem star_iff_steps : Star r a b ↔ ∃ n, Steps r n a b := by
  constructor
  · intro h
    induction h with
    | refl a => exact ⟨0, rfl⟩
    | step hab _ ih =>
      obtain ⟨n, hn⟩ := ih
      exact ⟨n + 1, _, hab, hn⟩
  · rintro ⟨n, h⟩
    induction n generalizing a with
    | zero =>
      cases h
      exact .refl _
    | succ n ih =>
      obtain ⟨c, hac, hcb⟩ := h
      exact .step hac (ih hcb)

end Sample.Logic
