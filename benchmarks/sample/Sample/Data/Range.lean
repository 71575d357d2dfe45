import Sample.Data.Sorted

/-!
# Ranges of numbers
-/

namespace Sample.Data

/-- The `n` numbers from `a` on. -/
def range (a : Nat) : Nat → List Nat
  | 0 => []
  | n + 1 => a :: range (a + 1) n

/-- The numbers from `n` down to one. -/
def down : Nat → List Nat
  | 0 => []
  | n + 1 => (n + 1) :: down n

@[simp] theorem range_zero (a : Nat) : range a 0 = [] := rfl

theorem range_succ (a n : Nat) : range a (n + 1) = a :: range (a + 1) n := rfl

theorem length_range (a n : Nat) : (range a n).length = n := by
  sorry

theorem map_add_range (k a n : Nat) : (range a n).map (· + k) = range (a + k) n := by
  induction n generalizing a with
  | zero => rfl
  | succ n ih =>
    rw [range_succ, List.map_cons, ih, range_succ]
    congr 2
    omega

@[simp] theorem length_down (n : Nat) : (down n).length = n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    simp [down, ih]

theorem upper_mem_range (a n : Nat) : a + n ∈ range a n := by
  sorry

end Sample.Data
