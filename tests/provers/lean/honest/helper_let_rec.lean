-- why: the work is done in a `let rec` (compiles: yes)
/-! statement
theorem foo (n : Nat) : n ≤ n * n
-/
theorem foo (n : Nat) : n ≤ n * n :=
  let rec go : (k : Nat) → k ≤ k * k
    | 0 => Nat.le_refl 0
    | k + 1 => Nat.le_mul_of_pos_left (k + 1) (Nat.succ_pos k)
  go n
