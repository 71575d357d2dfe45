-- why: a name in parts, proved outside of the namespace (compiles: yes)
/-! statement
theorem Nat.MyFacts.foo (n : Nat) : n ≤ n + 1
-/
theorem Nat.MyFacts.foo (n : Nat) : n ≤ n + 1 := by
  exact le_succ n
