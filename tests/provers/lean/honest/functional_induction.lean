-- why: induction along a function of the statement (compiles: yes)
/-! statement
def half : Nat → Nat
  | 0 => 0
  | 1 => 0
  | n + 2 => half n + 1
theorem foo (n : Nat) : 2 * half n ≤ n
-/
def half : Nat → Nat
  | 0 => 0
  | 1 => 0
  | n + 2 => half n + 1

theorem foo (n : Nat) : 2 * half n ≤ n := by
  fun_induction half n <;> omega
