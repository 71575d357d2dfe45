import Sample.Data.Reverse

/-!
# Prefixes and suffixes
-/

noncomputable section

namespace Sample.Data

variable {α : Type}

/-- The first list is a beginning of the second one. -/
def IsPre (xs ys : List α) : Prop := ∃ zs, ys = xs ++ zs

/-- The first list is an end of the second one. -/
def IsSuf (xs ys : List α) : Prop := ∃ zs, ys = zs ++ xs

theorem IsPre.refl (xs : List α) : IsPre xs xs := ⟨[], by simp⟩

theorem IsPre.nil (xs : List α) : IsPre [] xs := by
  exact ⟨xs, rfl⟩

theorem IsPre.trans {xs ys zs : List α} (h : IsPre xs ys) (h' : IsPre ys zs) : IsPre xs zs := by
  obtain ⟨as, rfl⟩ := h
  obtain ⟨bs, rfl⟩ := h'
  exact ⟨as ++ bs, by simp⟩

theorem IsPre.length_le {xs ys : List α} (h : IsPre xs ys) : xs.length ≤ ys.length := by
  sorry

theorem IsPre.antisymm {xs ys : List α} (h : IsPre xs ys) (h' : IsPre ys xs) : xs = ys := by
  obtain ⟨zs, rfl⟩ := h
  have hl := h'.length_le
  rw [List.length_append] at hl
  have hz : zs = [] := List.length_eq_zero_iff.mp (by omega)
  simp [hz]

theorem IsPre.map {β : Type} (f : α → β) {xs ys : List α} (h : IsPre xs ys) :
    IsPre (xs.map f) (ys.map f) := by
  obtain ⟨zs, rfl⟩ := h
  exact ⟨zs.map f, by simp⟩

theorem isSuf_rev {xs ys : List α} (h : IsPre xs ys) : IsSuf (rev xs) (rev ys) := by
  obtain ⟨zs, rfl⟩ := h
  sorry

theorem IsSuf.mem {x : α} {xs ys : List α} (h : IsSuf xs ys) (hx : x ∈ xs) : x ∈ ys := by
  obtain ⟨zs, rfl⟩ := h
  exact List.mem_append_right _ hx

end Sample.Data
