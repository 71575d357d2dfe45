-- why: machine integers (compiles: yes)
/-! statement
theorem foo (x : BitVec 8) : x ^^^ x = 0
-/
theorem foo (x : BitVec 8) : x ^^^ x = 0 := by
  simp
