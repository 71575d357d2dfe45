-- why: a hypothesis that a tactic is to fill in (compiles: yes)
/-! statement
theorem foo (n : Nat) : 0 < n
-/
theorem foo (n : Nat) (h : n ≠ 0 := by decide) : 0 < n := Nat.pos_of_ne_zero h
