import Sample.Data.Sum

/-!
# Run-length coding
-/

noncomputable section

namespace Sample.Data.RunLength

variable {α : Type} [DecidableEq α]

/-- A code: each element with how often it is repeated. -/
abbrev Code (α : Type) := List (Nat × α)

/-- What a code stands for. -/
def decode : Code α → List α
  | [] => []
  | (n, a) :: rest => List.replicate n a ++ decode rest

/-- Put one more element in front. -/
def push (a : α) : Code α → Code α
  | [] => [(1, a)]
  | (n, b) :: rest => if a = b then (n + 1, b) :: rest else (1, a) :: (n, b) :: rest

/-- The code of a list. -/
def encode : List α → Code α
  | [] => []
  | a :: as => push a (encode as)

/-- The length of what a code stands for. -/
def weight (c : Code α) : Nat := sum (c.map Prod.fst)

omit [DecidableEq α] in
@[simp] theorem decode_nil : decode ([] : Code α) = [] := rfl

theorem decode_push (a : α) (c : Code α) : decode (push a c) = a :: decode c := by
  sorry

theorem decode_encode (as : List α) : decode (encode as) = as := by
  induction as with
  | nil => rfl
  | cons a as ih =>
    rw [encode, decode_push, ih]

omit [DecidableEq α] in
theorem length_decode (c : Code α) : (decode c).length = weight c := by
  induction c with
  | nil => rfl
  | cons e rest ih =>
    obtain ⟨n, a⟩ := e
    simp [decode, weight, ih]

theorem length_push_le (a : α) (c : Code α) : (push a c).length ≤ c.length + 1 := by
  cases c with
  | nil => exact Nat.le_refl 1
  | cons e rest =>
    obtain ⟨n, b⟩ := e
    rw [push]
    split <;> simp

theorem encode_decode (c : Code Nat) : encode (decode c) = c := by
  sorry

end Sample.Data.RunLength
