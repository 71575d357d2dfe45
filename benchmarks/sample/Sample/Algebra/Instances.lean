import Sample.Algebra.Monoid

/-!
# Some monoids
-/

noncomputable section

namespace Sample.Algebra

/-- Numbers with addition. -/
instance natAdd : CommMonoid Nat where
  op := (· + ·)
  unit := 0
  op_assoc := Nat.add_assoc
  unit_op := Nat.zero_add
  op_unit := Nat.add_zero
  op_comm := Nat.add_comm

/-- Truth values with conjunction. -/
instance boolAnd : CommMonoid Bool where
  op := and
  unit := true
  op_assoc := Bool.and_assoc
  unit_op := Bool.true_and
  op_unit := Bool.and_true
  op_comm := Bool.and_comm

/-- Lists with concatenation. -/
instance listAppend (α : Type) : Monoid (List α) where
  op := (· ++ ·)
  unit := []
  op_assoc := List.append_assoc
  unit_op := List.nil_append
  op_unit := List.append_nil

/-- Functions from a type to itself with composition. -/
structure Endo (α : Type) where
  fn : α → α

/-- Functions from a type to itself are a monoid. -/
instance endoMonoid (α : Type) : Monoid (Endo α) where
  op f g := ⟨fun a => f.fn (g.fn a)⟩
  unit := ⟨fun a => a⟩
  op_assoc _ _ _ := rfl
  unit_op _ := rfl
  op_unit _ := rfl

/-- Pairs of elements of two monoids. -/
instance prodMonoid (M N : Type) [Monoid M] [Monoid N] : Monoid (M × N) where
  op a b := (a.1 ⋆ b.1, a.2 ⋆ b.2)
  unit := (Monoid.unit, Monoid.unit)
  op_assoc a b c := by simp [Monoid.op_assoc]
  unit_op a := by simp [Monoid.unit_op]
  op_unit a := by simp [Monoid.op_unit]

open Monoid

theorem nat_op (m n : Nat) : m ⋆ n = m + n := rfl

theorem nat_power (a n : Nat) : power a n = n * a := by
  induction n with
  | zero =>
    rw [Nat.zero_mul]
    rfl
  | succ n ih => rw [power_succ, ih, nat_op, Nat.succ_mul, Nat.add_comm]

theorem length_op {α : Type} (xs ys : List α) : (xs ⋆ ys).length = xs.length + ys.length :=
  List.length_append

theorem length_power {α : Type} (xs : List α) (n : Nat) :
    (power xs n).length = n * xs.length := by
  induction n with
  | zero =>
    rw [Nat.zero_mul]
    rfl
  | succ n ih => rw [power_succ, length_op, ih, Nat.succ_mul, Nat.add_comm]

theorem bool_power (b : Bool) (n : Nat) : power b (n + 1) = b := by
  induction n with
  | zero => cases b <;> rfl
  | succ n ih =>
    rw [power_succ, ih]
    sorry

theorem prod_power {M N : Type} [Monoid M] [Monoid N] (a : M × N) (n : Nat) :
    power a n = (power a.1 n, power a.2 n) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [power_succ, ih]
    rfl

end Sample.Algebra
