-- why: the statement has a `let` (compiles: yes)
/-! statement
theorem foo (n : Nat) : let m := n + 1; n < m ∧ m ≤ n + 1
-/
theorem foo (n : Nat) : let m := n + 1; n < m ∧ m ≤ n + 1 := by
  intro m
  constructor
  · exact Nat.lt_succ_self n
  · exact Nat.le_refl m
