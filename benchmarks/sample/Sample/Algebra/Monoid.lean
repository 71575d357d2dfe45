/-!
# Monoids
-/

namespace Sample.Algebra

/-- A type with an associative operation and a neutral element. -/
class Monoid (M : Type) where
  op : M → M → M
  unit : M
  op_assoc : ∀ a b c : M, op (op a b) c = op a (op b c)
  unit_op : ∀ a : M, op unit a = a
  op_unit : ∀ a : M, op a unit = a

/-- A monoid in which the order does not matter. -/
class CommMonoid (M : Type) extends Monoid M where
  op_comm : ∀ a b : M, op a b = op b a

infixl:70 " ⋆ " => Monoid.op

namespace Monoid

variable {M : Type} [Monoid M]

/-- An element combined with itself a number of times. -/
def power (a : M) : Nat → M
  | 0 => unit
  | n + 1 => a ⋆ power a n

@[simp] theorem power_zero (a : M) : power a 0 = unit := rfl

theorem power_succ (a : M) (n : Nat) : power a (n + 1) = a ⋆ power a n := rfl

theorem power_add (a : M) (m n : Nat) : power a (m + n) = power a m ⋆ power a n := by
  induction m with
  | zero => rw [Nat.zero_add, power_zero, unit_op]
  | succ m ih => rw [Nat.succ_add, power_succ, ih, power_succ, op_assoc]

theorem power_comm (a : M) (m n : Nat) : power a m ⋆ power a n = power a n ⋆ power a m := by
  sorry

theorem unit_power (n : Nat) : power (unit : M) n = unit := by
  induction n with
  | zero => rfl
  | succ n ih =>
    sorry

theorem op_left_cancel {a b c : M} (h : a ⋆ b = a ⋆ c) {d : M} (hd : d ⋆ a = unit) : b = c := by
  rw [← unit_op b, ← hd, op_assoc, h, ← op_assoc, hd, unit_op]

end Monoid

end Sample.Algebra
