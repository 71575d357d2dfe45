-- why: `stop` drops the rest of the proof (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = 0
-/
theorem foo (a b : Nat) : a * b = 0 := by
  cases a
  · simp
  · stop
    omega
