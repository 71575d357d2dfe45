import Sample.Algebra.Monoid

/-!
# Groups
-/

namespace Sample.Algebra

/-- A monoid with inverses. -/
class Group (G : Type) extends Monoid G where
  inv : G → G
  inv_op : ∀ a : G, op (inv a) a = unit

namespace Group

open Monoid

variable {G : Type} [Group G]

/-- Conjugation: `b` seen from `a`. -/
def conj (a b : G) : G := a ⋆ b ⋆ inv a

theorem inv_op_cancel_left (a b : G) : inv a ⋆ (a ⋆ b) = b := by
  rw [← op_assoc, inv_op, unit_op]

theorem op_inv (a : G) : a ⋆ inv a = unit := by
  have h : inv (inv a) ⋆ inv a = unit := inv_op (inv a)
  rw [← inv_op_cancel_left (inv a) (a ⋆ inv a), ← op_assoc (inv a), inv_op, unit_op, h]

theorem op_left_cancel {a b c : G} (h : a ⋆ b = a ⋆ c) : b = c := by
  rw [← inv_op_cancel_left a b, h, inv_op_cancel_left]

theorem inv_inv (a : G) : inv (inv a) = a := by
  apply op_left_cancel (a := inv a)
  rw [op_inv, inv_op]

theorem op_inv_rev (a b : G) : inv (a ⋆ b) = inv b ⋆ inv a := by
  sorry

theorem eq_inv_of_op_eq_unit {a b : G} (h : a ⋆ b = unit) : b = inv a := by
  apply op_left_cancel (a := a)
  rw [h, op_inv]

theorem conj_unit (a : G) : conj a unit = unit := by
  sorry

theorem comm_of_square_unit (h : ∀ a : G, a ⋆ a = unit) (a b : G) : a ⋆ b = b ⋆ a := by
  have hi : ∀ a : G, inv a = a := fun a => (eq_inv_of_op_eq_unit (h a)).symm
  rw [← hi (a ⋆ b), op_inv_rev, hi, hi]

end Group

end Sample.Algebra
