-- why: a circular proof whose termination is not proved (compiles: yes)
/-! statement
theorem foo (n : Nat) : n < 0
-/
theorem foo (n : Nat) : n < 0 := Nat.lt_of_succ_lt (foo (n + 1))
termination_by n
decreasing_by sorry
