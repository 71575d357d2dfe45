/-!
# The distance of two natural numbers
-/

namespace Sample.Dist

/-- How far two numbers are apart; one of the truncated differences is zero. -/
def dist (m n : Nat) : Nat := (m - n) + (n - m)

@[simp] theorem dist_self (n : Nat) : dist n n = 0 := by
  simp [dist]

theorem dist_comm (m n : Nat) : dist m n = dist n m := by
  sorry

theorem dist_triangle (a b c : Nat) : dist a c ≤ dist a b + dist b c := by
  unfold dist
  sorry

@[simp] theorem dist_zero_right (n : Nat) : dist n 0 = n := by
  simp [dist]

@[simp] theorem dist_zero_left (n : Nat) : dist 0 n = n := by
  simp [dist]

theorem dist_le_max (m n : Nat) : dist m n ≤ max m n := by
  unfold dist
  omega

theorem add_dist_of_le (m n : Nat) : m + dist m n = n := by
  sorry

end Sample.Dist
