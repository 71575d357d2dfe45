import Sample.Num.Parity

/-!
# Powers by repeated squaring
-/

namespace Sample.Power

open Sample.Parity

/-- `b ^ n` by repeated multiplication. -/
def pow (b : Nat) : Nat → Nat
  | 0 => 1
  | n + 1 => b * pow b n

/-- `b ^ n` by repeated squaring. -/
def fastPow (b n : Nat) : Nat :=
  if n = 0 then 1
  else if n % 2 = 0 then fastPow (b * b) (n / 2)
  else b * fastPow (b * b) (n / 2)
termination_by n
decreasing_by all_goals omega

@[simp] theorem pow_zero (b : Nat) : pow b 0 = 1 := rfl

@[simp] theorem pow_succ (b n : Nat) : pow b (n + 1) = b * pow b n := rfl

theorem one_pow (n : Nat) : pow 1 n = 1 := by
  induction n with
  | zero => rfl
  | succ n ih =>
    sorry

theorem pow_add (b m n : Nat) : pow b (m + n) = pow b m * pow b n := by
  induction m with
  | zero => simp
  | succ m ih => rw [Nat.succ_add, pow_succ, ih, pow_succ, Nat.mul_assoc]

theorem mul_pow (a b n : Nat) : pow (a * b) n = pow a n * pow b n := by
  sorry

theorem pow_square (b n : Nat) : pow (b * b) n = pow b (2 * n) := by
  rw [mul_pow, ← pow_add, Nat.two_mul]

theorem fastPow_eq (b n : Nat) : fastPow b n = pow b n := by
  fun_induction fastPow b n with
  | case1 => simp_all
  | case2 b n _ h ih =>
    rw [ih, pow_square]
    congr 1
    omega
  | case3 b n _ h ih =>
    rw [ih, pow_square, ← pow_succ]
    congr 1
    omega

theorem pow_zero_base (n : Nat) : pow 0 n = 0 := by
  sorry

end Sample.Power
