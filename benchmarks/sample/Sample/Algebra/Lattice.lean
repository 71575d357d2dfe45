import Sample.Algebra.Order

/-!
# Lattices
-/

namespace Sample.Algebra

/-- A partial order in which any two elements have a least upper and a greatest lower bound. -/
class Lat (α : Type) extends PartialOrd α where
  join : α → α → α
  meet : α → α → α
  le_join_left : ∀ a b : α, le a (join a b)
  le_join_right : ∀ a b : α, le b (join a b)
  join_le : ∀ {a b c : α}, le a c → le b c → le (join a b) c
  meet_le_left : ∀ a b : α, le (meet a b) a
  meet_le_right : ∀ a b : α, le (meet a b) b
  le_meet : ∀ {a b c : α}, le c a → le c b → le c (meet a b)

namespace Lat

open PartialOrd

variable {α : Type} [Lat α]

theorem join_self (a : α) : join a a = a := by
  exact le_antisymm (join_le (le_refl a) (le_refl a)) (le_join_left a a)

theorem join_assoc (a b c : α) : join (join a b) c = join a (join b c) := by
  apply le_antisymm
  · apply join_le
    · exact join_le (le_join_left _ _) (le_trans (le_join_left _ _) (le_join_right _ _))
    · exact le_trans (le_join_right _ _) (le_join_right _ _)
  · apply join_le
    · exact le_trans (le_join_left _ _) (le_join_left _ _)
    · exact join_le (le_trans (le_join_right _ _) (le_join_left _ _)) (le_join_right _ _)

theorem join_meet_self (a b : α) : join a (meet a b) = a := by
  apply le_antisymm
  · exact join_le (le_refl a) (meet_le_left a b)
  · sorry

theorem le_iff_join_eq {a b : α} : a ⊑ b ↔ join a b = b := by
  constructor
  · intro h
    exact le_antisymm (join_le h (le_refl b)) (le_join_right a b)
  · intro h
    rw [← h]
    exact le_join_left a b

theorem join_mono {a b c d : α} (h : a ⊑ c) (h' : b ⊑ d) : join a b ⊑ join c d := by
  sorry

end Lat

/-- Numbers with maximum and minimum. -/
instance : Lat Nat where
  join := max
  meet := min
  le_join_left := Nat.le_max_left
  le_join_right := Nat.le_max_right
  join_le h h' := Nat.max_le.mpr ⟨h, h'⟩
  meet_le_left := Nat.min_le_left
  meet_le_right := Nat.min_le_right
  le_meet h h' := Nat.le_min.mpr ⟨h, h'⟩

theorem join_lt {a b c : Nat} (h : a < c ∨ b < c) : Lat.join a b < c := by
  sorry

end Sample.Algebra
