-- why: the proof is `sorry` (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 1 = n
-/
theorem foo (n : Nat) : n + 1 = n := by
  sorry
