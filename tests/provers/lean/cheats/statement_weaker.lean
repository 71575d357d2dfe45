-- why: proves `≤` where `<` was asked (compiles: yes)
/-! statement
theorem foo (n : Nat) : n < n * n + 1
-/
theorem foo (n : Nat) : n ≤ n * n + 1 := by
  cases n <;> simp
  rename_i n
  have : n + 1 ≤ (n + 1) * (n + 1) := Nat.le_mul_of_pos_left _ (by omega)
  omega
