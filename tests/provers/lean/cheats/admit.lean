-- why: the proof is `admit` (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 1 = n
-/
theorem foo (n : Nat) : n + 1 = n := by
  induction n with
  | zero => admit
  | succ n ih => omega
