import Sample.Data.Sum

/-!
# How often something occurs in a list
-/

namespace Sample.Data

variable {α : Type} [DecidableEq α]

/-- How often `a` occurs in the list. -/
def occ (a : α) : List α → Nat
  | [] => 0
  | x :: xs => if x = a then occ a xs + 1 else occ a xs

@[simp] theorem occ_nil (a : α) : occ a [] = 0 := rfl

@[simp] theorem occ_cons_self (a : α) (xs : List α) : occ a (a :: xs) = occ a xs + 1 := by
  simp [occ]

theorem occ_cons_of_ne {a x : α} (h : x ≠ a) (xs : List α) : occ a (x :: xs) = occ a xs := by
  sorry

theorem occ_le_length (a : α) (xs : List α) : occ a xs ≤ xs.length := by
  induction xs with
  | nil => exact Nat.le_refl 0
  | cons x xs ih =>
    simp only [occ, List.length_cons]
    split <;> omega

theorem occ_pos_iff {a : α} {xs : List α} : 0 < occ a xs ↔ a ∈ xs := by
  sorry

theorem occ_eq_zero_iff {a : α} {xs : List α} : occ a xs = 0 ↔ a ∉ xs := by
  rw [← occ_pos_iff]
  omega

end Sample.Data
