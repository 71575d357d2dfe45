/-!
# Sums of lists of numbers
-/

namespace Sample.Data

/-- The sum of a list. -/
def sum : List Nat → Nat
  | [] => 0
  | x :: xs => x + sum xs

/-- The sum with an accumulator. -/
def sumAcc (acc : Nat) : List Nat → Nat
  | [] => acc
  | x :: xs => sumAcc (acc + x) xs

/-- The largest element, zero for the empty list. -/
def maximum : List Nat → Nat
  | [] => 0
  | x :: xs => max x (maximum xs)

@[simp] theorem sum_nil : sum [] = 0 := rfl

@[simp] theorem sum_cons (x : Nat) (xs : List Nat) : sum (x :: xs) = x + sum xs := rfl

@[simp] theorem sum_append (xs ys : List Nat) : sum (xs ++ ys) = sum xs + sum ys := by
  induction xs with
  | nil => simp
  | cons x xs ih =>
    simp [ih, Nat.add_assoc]

theorem sumAcc_eq (xs : List Nat) (acc : Nat) : sumAcc acc xs = acc + sum xs := by
  induction xs generalizing acc with
  | nil => rfl
  | cons x xs ih => rw [sumAcc, ih, sum_cons, Nat.add_assoc]

theorem le_sum_of_mem {x : Nat} {xs : List Nat} (h : x ∈ xs) : x ≤ sum xs := by
  induction h with
  | head => exact Nat.le_add_right _ _
  | tail y _ ih => exact Nat.le_trans ih (Nat.le_add_left _ _)

theorem maximum_le_sum (xs : List Nat) : maximum xs ≤ sum xs := by
  induction xs with
  | nil => exact Nat.le_refl 0
  | cons x xs ih =>
    sorry

end Sample.Data
