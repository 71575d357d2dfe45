/-!
# Triangular numbers and sums of powers
-/

namespace Sample.Triangle

/-- The sum `f 0 + f 1 + … + f (n - 1)`. -/
def sumTo (f : Nat → Nat) : Nat → Nat
  | 0 => 0
  | n + 1 => sumTo f n + f n

/-- The `n`-th triangular number, `1 + 2 + … + n`. -/
def tri (n : Nat) : Nat := sumTo (fun i => i + 1) n

variable (f g : Nat → Nat)

@[simp] theorem sumTo_zero : sumTo f 0 = 0 := rfl

@[simp] theorem sumTo_succ (n : Nat) : sumTo f (n + 1) = sumTo f n + f n := rfl

theorem sumTo_mul_left (c n : Nat) : sumTo (fun i => c * f i) n = c * sumTo f n := by
  induction n with
  | zero => rfl
  | succ n ih => simp [ih, Nat.mul_add]

theorem sumTo_le_sumTo {f g : Nat → Nat} (h : ∀ i, f i ≤ g i) (n : Nat) :
    sumTo f n ≤ sumTo g n := by
  induction n with
  | zero => exact Nat.le_refl 0
  | succ n ih => exact Nat.add_le_add ih (h n)

theorem two_mul_tri (n : Nat) : 2 * tri n = n * (n + 1) := by
  sorry

theorem tri_lt_tri_succ (n : Nat) : tri n < tri (n + 1) := by
  sorry

theorem sumTo_pos {f : Nat → Nat} (h : ∀ i, 0 < f i) (n : Nat) : 0 < sumTo f n := by
  sorry

end Sample.Triangle
