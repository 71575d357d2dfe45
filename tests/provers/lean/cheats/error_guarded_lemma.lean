-- why: the swallowed error is in a lemma (compiles: yes)
/-! statement
theorem foo (n : Nat) : n = 0
-/
#guard_msgs (drop all) in
theorem nothing (n : Nat) : n = 0 := by
  omega

theorem foo (n : Nat) : n = 0 := nothing n
