import Sample.Data.Assoc
import Sample.Num.Clamp

/-!
# The stock of a store
-/

noncomputable section

namespace Sample.App

open Sample.Data Sample.Clamp

/-- How many pieces there are of each article. -/
structure Stock where
  pieces : Assoc Nat Nat

namespace Stock

/-- The number of pieces; zero for an unknown article. -/
def count (s : Stock) (a : Nat) : Nat := (s.pieces.get? a).getD 0

/-- Pieces arrive. -/
def receive (s : Stock) (a n : Nat) : Stock := ⟨s.pieces.put a (s.count a + n)⟩

/-- Pieces are sold, as many as there are. -/
def sell (s : Stock) (a n : Nat) : Stock := ⟨s.pieces.put a (s.count a - n)⟩

/-- How many pieces to order for a target, at most a truckload. -/
def order (s : Stock) (a : Nat) (target truck : Int) : Int :=
  clamp 0 truck (target - s.count a)

theorem count_receive (s : Stock) (a n : Nat) : (s.receive a n).count a = s.count a + n := by
  simp [count, receive]

theorem count_receive_of_ne (s : Stock) {a b : Nat} (n : Nat) (h : a ≠ b) :
    (s.receive a n).count b = s.count b := by
  unfold count
  sorry

theorem count_sell (s : Stock) (a n : Nat) : (s.sell a n).count a = s.count a - n := by
  simp [count, sell]

theorem order_nonneg (s : Stock) (a : Nat) (target truck : Int) :
    0 ≤ s.order a target truck := by
  sorry

theorem order_le_truck (s : Stock) (a : Nat) (target : Int) {truck : Int} (h : 0 ≤ truck) :
    s.order a target truck ≤ truck :=
  clamp_le h _

theorem count_receive_sell (s : Stock) (a n : Nat) :
    ((s.sell a n).receive a n).count a = s.count a := by
  sorry

end Stock

end Sample.App
