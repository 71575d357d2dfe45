import Sample.Algebra.Hom
import Sample.Data.Perm

/-!
# Combining the elements of a list
-/

noncomputable section

namespace Sample.Algebra

open Monoid Sample.Data

/-- All elements of a list, combined in order. -/
def combine {M : Type} [Monoid M] : List M → M
  | [] => unit
  | a :: as => a ⋆ combine as

section

variable {M N : Type} [Monoid M] [Monoid N]

@[simp] theorem combine_nil : combine ([] : List M) = unit := rfl

@[simp] theorem combine_cons (a : M) (as : List M) : combine (a :: as) = a ⋆ combine as := rfl

theorem combine_append (as bs : List M) : combine (as ++ bs) = combine as ⋆ combine bs := by
  sorry

theorem combine_singleton (a : M) : combine [a] = a := by
  sorry

end

theorem combine_perm {M : Type} [CommMonoid M] {as bs : List M} (h : Perm as bs) :
    combine as = combine bs := by
  induction h with
  | nil => rfl
  | cons a _ ih => rw [combine_cons, ih, combine_cons]
  | swap a b as =>
    simp only [combine_cons]
    rw [← op_assoc, CommMonoid.op_comm a, op_assoc]
  | trans _ _ ih1 ih2 => exact ih1.trans ih2

theorem combine_nat (as : List Nat) : combine as = sum as := by
  induction as with
  | nil => rfl
  | cons a as ih =>
    rw [combine_cons, ih]
    rfl

end Sample.Algebra
