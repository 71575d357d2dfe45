-- why: proves another case than the one that is open (compiles: no)
/-! statement
theorem foo (n : Nat) : n = 0 ∨ 0 < n ∧ n < 5
-/
theorem foo (n : Nat) : n = 0 ∨ 0 < n ∧ n < 5 := by
  cases n with
  | zero => exact .inl rfl
  | succ n => exact .inr ⟨Nat.succ_pos n, Nat.lt_succ_self n⟩
