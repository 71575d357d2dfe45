-- why: the statement's `match` was made earlier, and the proof has another one (compiles: yes)
/-! statement
theorem foo (n : Nat) : (match n with | 0 => 0 | k + 1 => k) ≤ n
-/
theorem earlier (n : Nat) : (match n with | 0 => 0 | k + 1 => k) < n + 1 := by
  cases n <;> simp <;> omega

theorem foo (n : Nat) : (match n with | 0 => 0 | k + 1 => k) ≤ n :=
  match Nat.lt_or_ge n 1, earlier n with
  | .inl _, h => Nat.le_of_lt_succ h
  | .inr _, h => Nat.le_of_lt_succ h
