/-!
# Pairing up lists
-/

noncomputable section

namespace Sample.Data

variable {α β γ : Type}

/-- Pair elements as long as both lists have some. -/
def pair : List α → List β → List (α × β)
  | a :: as, b :: bs => (a, b) :: pair as bs
  | _, _ => []

/-- The two lists of a list of pairs. -/
def unpair : List (α × β) → List α × List β
  | [] => ([], [])
  | (a, b) :: rest => (a :: (unpair rest).1, b :: (unpair rest).2)

/-- Combine elements with a function. -/
def pairWith (f : α → β → γ) : List α → List β → List γ
  | a :: as, b :: bs => f a b :: pairWith f as bs
  | _, _ => []

@[simp] theorem pair_nil_left (bs : List β) : pair ([] : List α) bs = [] := rfl

@[simp] theorem pair_nil_right (as : List α) : pair as ([] : List β) = [] := by
  sorry

theorem length_pair (as : List α) (bs : List β) :
    (pair as bs).length = min as.length bs.length := by
  sorry

theorem pair_map (as : List α) (f : α → β) : pair as (as.map f) = as.map fun a => (a, f a) := by
  induction as with
  | nil => rfl
  | cons a as ih => simp [pair, ih]

theorem pairWith_eq (f : α → β → γ) (as : List α) (bs : List β) :
    pairWith f as bs = (pair as bs).map fun p => f p.1 p.2 := by
  induction as generalizing bs with
  | nil => rfl
  | cons a as ih =>
    cases bs with
    | nil => rfl
    | cons b bs => simp [pairWith, pair, ih]

theorem unpair_pair_fst (as bs : List Nat) : (unpair (pair as bs)).1 = as := by
  sorry

end Sample.Data
