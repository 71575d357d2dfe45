import Sample.Data.Perm

/-!
# Sorted lists, and insertion sort
-/

namespace Sample.Data

/-- `x` is not greater than any element of the list. -/
def LeAll (x : Nat) (ys : List Nat) : Prop := ∀ y, y ∈ ys → x ≤ y

/-- Lists in ascending order. -/
inductive Sorted : List Nat → Prop
  | nil : Sorted []
  | cons {x : Nat} {xs : List Nat} : LeAll x xs → Sorted xs → Sorted (x :: xs)

/-- Insert a number before the first one that is not smaller. -/
def insert (x : Nat) : List Nat → List Nat
  | [] => [x]
  | y :: ys => if x ≤ y then x :: y :: ys else y :: insert x ys

/-- Insertion sort. -/
def insertionSort : List Nat → List Nat
  | [] => []
  | x :: xs => insert x (insertionSort xs)

theorem LeAll.trans {x y : Nat} {ys : List Nat} (hxy : x ≤ y) (h : LeAll y ys) : LeAll x ys := by
  intro z hz
  exact Nat.le_trans hxy (h z hz)

theorem LeAll.perm {x : Nat} {ys zs : List Nat} (h : LeAll x ys) (p : Perm ys zs) :
    LeAll x zs := fun z hz => h z (p.mem_iff.mpr hz)

theorem Sorted.tail {x : Nat} {xs : List Nat} (h : Sorted (x :: xs)) : Sorted xs := by
  sorry

theorem sorted_singleton (x : Nat) : Sorted [x] :=
  .cons (fun _ h => nomatch h) .nil

theorem insert_perm (x : Nat) (ys : List Nat) : Perm (x :: ys) (insert x ys) := by
  induction ys with
  | nil => exact Perm.refl _
  | cons y ys ih =>
    rw [insert]
    split
    · exact Perm.refl _
    · exact (Perm.swap x y ys).trans (ih.cons y)

theorem sorted_insert (x : Nat) {ys : List Nat} (h : Sorted ys) : Sorted (insert x ys) := by
  induction h with
  | nil => exact sorted_singleton x
  | @cons y ys hy hs ih =>
    rw [insert]
    split
    · rename_i hle
      refine .cons (fun z hz => ?_) (.cons hy hs)
      rcases List.mem_cons.mp hz with rfl | hz
      · exact hle
      · exact Nat.le_trans hle (hy z hz)
    · refine .cons (LeAll.perm (fun z hz => ?_) (insert_perm x ys)) ih
      rcases List.mem_cons.mp hz with rfl | hz
      · omega
      · exact hy z hz

theorem insertionSort_sorted (xs : List Nat) : Sorted (insertionSort xs) := by
  induction xs with
  | nil => exact .nil
  | cons x xs ih => exact sorted_insert x ih

theorem insertionSort_of_sorted {xs : List Nat} (h : Sorted xs) : insertionSort xs = xs := by
  induction h with
  | nil => rfl
  | @cons x xs hx _ ih =>
    rw [insertionSort, ih]
    cases xs with
    | nil => rfl
    | cons y ys => simp [insert, hx y (List.mem_cons_self)]

theorem insertionSort_idem (xs : List Nat) :
    insertionSort (insertionSort xs) = insertionSort xs := by
  sorry

end Sample.Data
