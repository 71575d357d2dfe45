-- why: commands that print and prove nothing (compiles: yes)
/-! statement
theorem foo (a : Nat) : a + 1 ≠ a
-/
#print Nat.add_comm
#check (fun x => x + 1 : Nat → Nat)

theorem foo (a : Nat) : a + 1 ≠ a := by
  trace_state
  exact Nat.succ_ne_self a

#print axioms foo
#reduce 1 + 1
