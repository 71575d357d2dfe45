-- why: the recursive function stops at once (compiles: yes)
/-! statement
def sum : Nat → Nat
  | 0 => 0
  | n + 1 => (n + 1) + sum n
theorem foo : ∀ n, sum n = 0
-/
def sum : Nat → Nat
  | 0 => 0
  | n + 1 => 0 * (n + 1) + sum n

theorem foo : ∀ n, sum n = 0 := by
  intro n
  induction n with
  | zero => rfl
  | succ n ih => simp [sum, ih]
