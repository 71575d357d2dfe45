/-!
# A greatest common divisor of our own

By Euclid's algorithm, compared with the one of the standard library.
-/

namespace Sample.Gcd

/-- Euclid's algorithm. -/
def euclid (m n : Nat) : Nat :=
  if m = 0 then n else euclid (n % m) m
termination_by m
decreasing_by exact Nat.mod_lt _ (by omega)

/-- `d` divides both numbers. -/
def CommonDivisor (d m n : Nat) : Prop := d ∣ m ∧ d ∣ n

/-- Two numbers without a common divisor other than one. -/
def Coprime (m n : Nat) : Prop := euclid m n = 1

@[simp] theorem euclid_zero_left (n : Nat) : euclid 0 n = n := by
  rw [euclid]
  simp

theorem euclid_step {m : Nat} (n : Nat) (h : m ≠ 0) : euclid m n = euclid (n % m) m := by
  rw [euclid]
  simp [h]

@[simp] theorem euclid_zero_right (n : Nat) : euclid n 0 = n := by
  sorry

theorem euclid_eq_gcd (m n : Nat) : euclid m n = Nat.gcd m n := by
  induction m using Nat.strongRecOn generalizing n with
  | ind m ih =>
    by_cases h : m = 0
    · simp [h]
    · rw [euclid_step n h, ih _ (Nat.mod_lt _ (Nat.pos_of_ne_zero h)), ← Nat.gcd_rec]

theorem CommonDivisor.symm {d m n : Nat} (h : CommonDivisor d m n) : CommonDivisor d n m := sorry

theorem CommonDivisor.add {d m n : Nat} (h : CommonDivisor d m n) : d ∣ m + n := by
  exact Nat.dvd_add h.1 h.2

theorem coprime_succ (n : Nat) : Coprime n (n + 1) := by
  unfold Coprime
  rw [euclid_eq_gcd]
  simp

end Sample.Gcd
