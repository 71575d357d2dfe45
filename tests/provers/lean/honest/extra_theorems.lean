-- why: more theorems before and after (compiles: yes)
/-! statement
theorem foo (n : Nat) : n < n + 2
-/
theorem before : True := trivial

theorem foo (n : Nat) : n < n + 2 := by
  omega

theorem after (n : Nat) : n < n + 3 := Nat.lt_succ_of_lt (foo n)

example : (1 : Nat) < 3 := foo 1
