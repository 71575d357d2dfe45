-- why: a measure in two parts (compiles: yes)
/-! statement
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)
theorem foo (m n : Nat) : n < ack m n
-/
def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem foo (m n : Nat) : n < ack m n := by
  match m, n with
  | 0, n => simp [ack]
  | m + 1, 0 =>
    have := foo m 1
    simp only [ack]
    omega
  | m + 1, n + 1 =>
    have h₁ := foo (m + 1) n
    have h₂ := foo m (ack (m + 1) n)
    simp only [ack]
    omega
termination_by (m, n)
