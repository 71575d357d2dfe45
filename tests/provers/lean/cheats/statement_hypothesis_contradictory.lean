-- why: assumes a contradiction (compiles: yes)
/-! statement
theorem foo (n : Nat) (h : 0 < n) : n = 1
-/
theorem foo (n : Nat) (h : 0 < n) (h' : n < 1) : n = 1 := by omega
