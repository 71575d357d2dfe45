import Sample.Num.Parity

/-!
# Doubling and halving
-/

namespace Sample.Double

open Sample.Parity

/-- Twice a number, by recursion. -/
def double : Nat → Nat
  | 0 => 0
  | n + 1 => double n + 2

/-- Half of a number, rounded down. -/
def half : Nat → Nat
  | 0 => 0
  | 1 => 0
  | n + 2 => half n + 1

/-- How often a number can be halved before zero is reached. -/
def log2 (n : Nat) : Nat :=
  if h : n ≤ 1 then 0 else log2 (n / 2) + 1
termination_by n
decreasing_by omega

theorem double_eq (n : Nat) : double n = 2 * n := by
  induction n with
  | zero => rfl
  | succ n ih =>
    rw [double, ih]
    sorry

theorem half_eq (n : Nat) : half n = n / 2 := by
  fun_induction half n with
  | case1 => rfl
  | case2 => rfl
  | case3 n ih => omega

theorem double_half_of_even {n : Nat} (h : Even n) : double (half n) = n := by
  rw [double_eq, half_eq]
  rw [even_iff_mod] at h
  omega

theorem double_half_le (n : Nat) : double (half n) ≤ n := by
  rw [double_eq, half_eq]
  omega

theorem double_add (m n : Nat) : double (m + n) = double m + double n := by
  simp only [double_eq]
  omega

theorem double_even (n : Nat) : Even (double n) := by
  exact ⟨n, double_eq n⟩

theorem log2_double {n : Nat} (h : 0 < n) : log2 (2 * n) = log2 n + 1 := by
  rw [log2]
  have h1 : ¬ 2 * n ≤ 1 := by omega
  have h2 : 2 * n / 2 = n := by omega
  simp [h1, h2]

end Sample.Double
