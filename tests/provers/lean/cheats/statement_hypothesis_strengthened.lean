-- why: a hypothesis is stronger than the given one (compiles: yes)
/-! statement
theorem foo (n : Nat) (h : 1 ≤ n) : 2 ≤ n
-/
theorem foo (n : Nat) (h : 1 < n) : 2 ≤ n := h
