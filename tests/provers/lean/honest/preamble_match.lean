-- why: the statement has a `match`, and a lemma before has the same one (compiles: yes)
/-! statement
theorem foo (n : Nat) : (match n with | 0 => 0 | k + 1 => k) ≤ n
-/
theorem earlier (n : Nat) : (match n with | 0 => 0 | k + 1 => k) < n + 1 := by
  cases n <;> simp <;> omega

theorem foo (n : Nat) : (match n with | 0 => 0 | k + 1 => k) ≤ n :=
  Nat.le_of_lt_succ (earlier n)
