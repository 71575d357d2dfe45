import Sample.Data.Count

/-!
# Permutations of lists
-/

namespace Sample.Data

variable {α : Type}

/-- Lists that differ in the order of their elements only. -/
inductive Perm : List α → List α → Prop
  | nil : Perm [] []
  | cons (x : α) {xs ys : List α} : Perm xs ys → Perm (x :: xs) (x :: ys)
  | swap (x y : α) (xs : List α) : Perm (x :: y :: xs) (y :: x :: xs)
  | trans {xs ys zs : List α} : Perm xs ys → Perm ys zs → Perm xs zs

namespace Perm

theorem refl (xs : List α) : Perm xs xs := by
  induction xs with
  | nil => exact nil
  | cons x xs ih => exact ih.cons x

theorem symm {xs ys : List α} (h : Perm xs ys) : Perm ys xs := by
  induction h with
  | nil => exact nil
  | cons x _ ih => exact ih.cons x
  | swap x y xs => exact swap y x xs
  | trans _ _ ih1 ih2 =>
    exact ih2.trans ih1

theorem length_eq {xs ys : List α} (h : Perm xs ys) : xs.length = ys.length := by
  sorry

theorem mem_iff {a : α} {xs ys : List α} (h : Perm xs ys) : a ∈ xs ↔ a ∈ ys := by
  induction h with
  | nil => exact Iff.rfl
  | cons x _ ih => simp [ih]
  | swap x y xs =>
    simp only [List.mem_cons]
    constructor
    · rintro (h | h | h) <;> simp [h]
    · rintro (h | h | h) <;> simp [h]
  | trans _ _ ih1 ih2 => exact ih1.trans ih2

theorem sum_eq {xs ys : List Nat} (h : Perm xs ys) : sum xs = sum ys := by
  induction h with
  | nil => rfl
  | cons x _ ih => simp [ih]
  | swap x y xs =>
    simp; omega
  | trans _ _ ih1 ih2 => exact ih1.trans ih2

theorem map {β : Type} (f : α → β) {xs ys : List α} (h : Perm xs ys) :
    Perm (xs.map f) (ys.map f) := by
  induction h with
  | nil => exact nil
  | cons x _ ih => exact ih.cons _
  | swap x y xs => exact swap _ _ _
  | trans _ _ ih1 ih2 => exact ih1.trans ih2

theorem middle (x : α) (xs ys : List α) : Perm (x :: (xs ++ ys)) (xs ++ x :: ys) := by
  induction xs with
  | nil => exact refl _
  | cons y xs ih => exact (swap x y (xs ++ ys)).trans (ih.cons y)

theorem reverse (xs : List α) : Perm xs xs.reverse := by
  induction xs with
  | nil => exact nil
  | cons x xs ih =>
    rw [List.reverse_cons]
    have h := middle x xs.reverse []
    rw [List.append_nil] at h
    exact (ih.cons x).trans h

theorem eq_nil {xs : List α} (h : Perm xs []) : xs = [] := by
  sorry

end Perm

end Sample.Data
