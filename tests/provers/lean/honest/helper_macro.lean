-- why: a tactic macro of its own (compiles: yes)
/-! statement
theorem foo (a b c : Nat) (h : a < b) (h' : b < c) : a + 1 < c ∧ a ≠ c
-/
macro "split_and_compute" : tactic => `(tactic| (constructor <;> omega))

theorem foo (a b c : Nat) (h : a < b) (h' : b < c) : a + 1 < c ∧ a ≠ c := by
  split_and_compute
