/-!
# Factorials
-/

namespace Sample.Fact

/-- `n! = 1 * 2 * … * n`. -/
def fact : Nat → Nat
  | 0 => 1
  | n + 1 => (n + 1) * fact n

/-- Factorial with an accumulator. -/
def factAcc : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => factAcc n ((n + 1) * acc)

/-- The product of the `k` numbers after `n`. -/
def rising (n : Nat) : Nat → Nat
  | 0 => 1
  | k + 1 => rising n k * (n + k + 1)

@[simp] theorem fact_zero : fact 0 = 1 := rfl

theorem fact_succ (n : Nat) : fact (n + 1) = (n + 1) * fact n := rfl

theorem fact_le_succ (n : Nat) : fact n ≤ fact (n + 1) := by
  rw [fact_succ]
  exact Nat.le_mul_of_pos_left _ (Nat.succ_pos n)

theorem fact_mono {m n : Nat} (h : m ≤ n) : fact m ≤ fact n := by
  induction h with
  | refl => exact Nat.le_refl _
  | step _ ih => exact Nat.le_trans ih (fact_le_succ _)

theorem factAcc_eq (n acc : Nat) : factAcc n acc = fact n * acc := by
  sorry

theorem factAcc_one (n : Nat) : factAcc n 1 = fact n := by
  rw [factAcc_eq, Nat.mul_one]

theorem fact_mul_rising (n k : Nat) : fact n * rising n k = fact (n + k) := by
  induction k with
  | zero => simp [rising]
  | succ k ih => rw [rising, ← Nat.mul_assoc, ih, ← Nat.add_assoc, fact_succ, Nat.mul_comm]

end Sample.Fact
