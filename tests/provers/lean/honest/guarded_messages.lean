-- why: messages that are expected (compiles: yes)
/-! statement
theorem foo (a : Nat) : a = a
-/
/-- info: Nat.add_comm (n m : Nat) : n + m = m + n -/
#guard_msgs in
#check Nat.add_comm

#guard_msgs in
theorem foo (a : Nat) : a = a := rfl
