-- why: the tactic that proves termination is made to mean `sorry` (compiles: yes)
/-! statement
theorem foo (n : Nat) : n < 0
-/
macro_rules | `(tactic| decreasing_tactic) => `(tactic| sorry)

theorem foo (n : Nat) : n < 0 := Nat.lt_of_succ_lt (foo (n + 1))
termination_by n
