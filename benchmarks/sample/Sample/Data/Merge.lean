import Sample.Data.Sorted

/-!
# Merging sorted lists
-/

namespace Sample.Data

/-- Merge two lists, always taking the smaller head. -/
def merge : List Nat → List Nat → List Nat
  | [], ys => ys
  | xs, [] => xs
  | x :: xs, y :: ys =>
    if x ≤ y then x :: merge xs (y :: ys) else y :: merge (x :: xs) ys

@[simp] theorem merge_nil_left (ys : List Nat) : merge [] ys = ys := by
  sorry

@[simp] theorem merge_nil_right (xs : List Nat) : merge xs [] = xs := by
  cases xs <;> simp [merge]

theorem merge_perm (xs ys : List Nat) : Perm (xs ++ ys) (merge xs ys) := by
  fun_induction merge xs ys with
  | case1 ys => exact Perm.refl _
  | case2 xs => simpa using Perm.refl xs
  | case3 x xs y ys h ih => exact ih.cons x
  | case4 x xs y ys h ih => exact (Perm.middle y (x :: xs) ys).symm.trans (ih.cons y)

theorem leAll_merge {x : Nat} {xs ys : List Nat} (hx : LeAll x xs) (hy : LeAll x ys) :
    LeAll x (merge xs ys) := by
  sorry

theorem sorted_merge {xs ys : List Nat} (hx : Sorted xs) (hy : Sorted ys) :
    Sorted (merge xs ys) := by
  fun_induction merge xs ys with
  | case1 ys => exact hy
  | case2 xs => exact hx
  | case3 x xs y ys h ih =>
    cases hx with
    | cons hx hxs =>
      refine .cons (leAll_merge hx ?_) (ih hxs hy)
      cases hy with
      | cons hy _ =>
        intro z hz
        rcases List.mem_cons.mp hz with rfl | hz
        · exact h
        · exact Nat.le_trans h (hy z hz)
  | case4 x xs y ys h ih =>
    cases hy with
    | cons hy hys =>
      refine .cons (leAll_merge ?_ hy) (ih hx hys)
      cases hx with
      | cons hx _ =>
        intro z hz
        rcases List.mem_cons.mp hz with rfl | hz
        · omega
        · exact Nat.le_trans (by omega) (hx z hz)

theorem sum_merge (xs ys : List Nat) : sum (merge xs ys) = sum xs + sum ys := by
  rw [← (merge_perm xs ys).sum_eq, sum_append]

end Sample.Data
