-- why: the error of a false proof is swallowed by `#guard_msgs` (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
#guard_msgs (drop error) in
theorem foo : (1 : Nat) = 2 := by
  decide
