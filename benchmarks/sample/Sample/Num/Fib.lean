import Sample.Num.Parity

/-!
# Fibonacci numbers
-/

namespace Sample.Fib

open Sample.Parity

/-- The Fibonacci numbers, `0, 1, 1, 2, 3, 5, …`. -/
def fib : Nat → Nat
  | 0 => 0
  | 1 => 1
  | n + 2 => fib n + fib (n + 1)

/-- The same numbers computed with two accumulators. -/
def fibAux : Nat → Nat → Nat → Nat
  | 0, a, _ => a
  | n + 1, a, b => fibAux n b (a + b)

/-- The sum of the first `n` Fibonacci numbers. -/
def fibSum : Nat → Nat
  | 0 => 0
  | n + 1 => fibSum n + fib n

@[simp] theorem fib_zero : fib 0 = 0 := rfl

@[simp] theorem fib_one : fib 1 = 1 := rfl

theorem fib_add_two (n : Nat) : fib (n + 2) = fib n + fib (n + 1) :=
  rfl

theorem fib_ten : fib 10 = 55 := by
  sorry

theorem fibAux_fib (n k : Nat) : fibAux n (fib k) (fib (k + 1)) = fib (n + k) := by
  induction n generalizing k with
  | zero => simp [fibAux]
  | succ n ih =>
    rw [fibAux, ← fib_add_two, ih (k + 1)]
    congr 1
    omega

theorem fibAux_correct (n : Nat) : fibAux n 0 1 = fib n := fibAux_fib n 0

theorem fibSum_add_one (n : Nat) : fibSum n + 1 = fib (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih =>
    simp only [fibSum, fib_add_two]
    omega

theorem fib_lt_succ (n : Nat) : fib n < fib (n + 1) := by
  sorry

end Sample.Fib
