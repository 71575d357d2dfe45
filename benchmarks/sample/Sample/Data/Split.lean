import Sample.Data.Perm

/-!
# Splitting a list into two by position, and riffling two lists
-/

noncomputable section

namespace Sample.Data

variable {α : Type}

mutual

/-- The elements at the positions `0, 2, 4, …`. -/
def evens : List α → List α
  | [] => []
  | x :: xs => x :: odds xs

/-- The elements at the positions `1, 3, 5, …`. -/
def odds : List α → List α
  | [] => []
  | _ :: xs => evens xs

end

/-- Take elements from two lists in turn. -/
def riffle : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys =>
    match ys with
    | [] => x :: xs
    | y :: ys => x :: y :: riffle xs ys

@[simp] theorem evens_nil : evens ([] : List α) = [] := by
  simp [evens]

@[simp] theorem odds_nil : odds ([] : List α) = [] := by
  simp [odds]

@[simp] theorem evens_cons (x : α) (xs : List α) : evens (x :: xs) = x :: odds xs := by
  rw [evens]

@[simp] theorem odds_cons (x : α) (xs : List α) : odds (x :: xs) = evens xs := by
  rw [odds]

theorem evens_odds_perm (xs : List α) : Perm xs (evens xs ++ odds xs) := by
  induction xs with
  | nil => simpa using Perm.nil
  | cons x xs ih =>
    rw [evens_cons, odds_cons, List.cons_append]
    refine (ih.cons x).trans (Perm.cons x ?_)
    have swap : ∀ as bs : List α, Perm (as ++ bs) (bs ++ as) := by
      intro as bs
      induction as with
      | nil => simpa using Perm.refl bs
      | cons a as iha => exact (iha.cons a).trans (Perm.middle a bs as)
    exact swap _ _

theorem length_riffle (xs ys : List α) : (riffle xs ys).length = xs.length + ys.length := by
  induction xs generalizing ys with
  | nil => simp [riffle]
  | cons x xs ih =>
    cases ys with
    | nil => simp [riffle]
    | cons y ys =>
      simp only [riffle, List.length_cons, ih]
      omega

theorem mem_of_mem_evens {x : α} {xs : List α} (h : x ∈ evens xs) : x ∈ xs := sorry

end Sample.Data
