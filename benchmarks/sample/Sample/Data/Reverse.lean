/-!
# Reversing lists
-/

noncomputable section

namespace Sample.Data

variable {α : Type}

/-- Reverse a list, the slow way. -/
def rev : List α → List α
  | [] => []
  | x :: xs => rev xs ++ [x]

/-- Reverse a list onto another one. -/
def revOnto : List α → List α → List α
  | acc, [] => acc
  | acc, x :: xs => revOnto (x :: acc) xs

/-- Put an element at the end. -/
def snoc (xs : List α) (x : α) : List α := xs ++ [x]

@[simp] theorem rev_nil : rev ([] : List α) = [] := rfl

@[simp] theorem rev_cons (x : α) (xs : List α) : rev (x :: xs) = rev xs ++ [x] := rfl

theorem rev_append (xs ys : List α) : rev (xs ++ ys) = rev ys ++ rev xs := by
  induction xs with
  | nil => simp
  | cons x xs ih =>
    sorry

theorem revOnto_eq (acc xs : List α) : revOnto acc xs = rev xs ++ acc := by
  induction xs generalizing acc with
  | nil => rfl
  | cons x xs ih => simp [revOnto, ih]

theorem rev_snoc (xs : List α) (x : α) : rev (snoc xs x) = x :: rev xs := by
  simp [snoc, rev_append]

theorem rev_append_same (xs ys : List Nat) : rev (xs ++ ys) = rev xs ++ rev ys := by
  sorry

end Sample.Data
