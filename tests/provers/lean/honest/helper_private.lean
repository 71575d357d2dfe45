-- why: a private lemma (compiles: yes)
/-! statement
theorem foo (n : Nat) : n < 2 ^ n
-/
private theorem step (n : Nat) (h : n < 2 ^ n) : n + 1 < 2 ^ (n + 1) := by
  rw [Nat.pow_succ]
  omega

theorem foo (n : Nat) : n < 2 ^ n := Nat.rec (by decide) step n
