-- why: the error of a false proof is announced and so no error (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
/--
error: Tactic `decide` proved that the proposition
  1 = 2
is false
-/
#guard_msgs in
theorem foo : (1 : Nat) = 2 := by
  decide
