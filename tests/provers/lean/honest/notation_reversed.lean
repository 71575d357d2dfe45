-- why: `>` and `≥`, as in the statement (compiles: yes)
/-! statement
theorem foo (n : Nat) (h : n > 3) : n ≥ 4
-/
theorem foo (n : Nat) (h : n > 3) : n ≥ 4 := h
