import Sample.Num.Clamp

/-!
# Closed intervals of integers, and arithmetic with them
-/

namespace Sample.Interval

open Sample.Clamp

/-- The integers from `lo` to `hi`; empty if `hi < lo`. -/
structure Interval where
  lo : Int
  hi : Int
  deriving DecidableEq

instance : Membership Int Interval where
  mem I x := I.lo ≤ x ∧ x ≤ I.hi

namespace Interval

/-- The interval of one number. -/
def point (x : Int) : Interval := ⟨x, x⟩

/-- What two intervals have in common. -/
def inter (I J : Interval) : Interval := ⟨max I.lo J.lo, min I.hi J.hi⟩

/-- The smallest interval that contains both. -/
def hull (I J : Interval) : Interval := ⟨min I.lo J.lo, max I.hi J.hi⟩

/-- All sums of a number of `I` and one of `J`. -/
def add (I J : Interval) : Interval := ⟨I.lo + J.lo, I.hi + J.hi⟩

/-- All numbers `-x` with `x` in the interval. -/
def neg (I : Interval) : Interval := ⟨-I.hi, -I.lo⟩

/-- The number of elements, or something negative or zero for an empty interval. -/
def width (I : Interval) : Int := I.hi - I.lo + 1

theorem mem_def {x : Int} {I : Interval} : x ∈ I ↔ I.lo ≤ x ∧ x ≤ I.hi := Iff.rfl

theorem mem_iff_within {x : Int} {I : Interval} : x ∈ I ↔ Within I.lo I.hi x := sorry

@[simp] theorem mem_point {x y : Int} : x ∈ point y ↔ x = y := by
  simp only [mem_def, point]
  omega

theorem mem_inter {x : Int} {I J : Interval} : x ∈ I.inter J ↔ x ∈ I ∧ x ∈ J := by
  simp only [mem_def, inter]
  omega

theorem mem_hull_left {x : Int} {I : Interval} (J : Interval) (h : x ∈ I) : x ∈ I.hull J := by
  simp only [mem_def, hull] at *
  sorry

theorem neg_neg (I : Interval) : I.neg.neg = I := by
  simp [neg]

theorem width_neg (I : Interval) : I.neg.width = I.width := by
  simp only [width, neg]
  omega

end Interval

end Sample.Interval
