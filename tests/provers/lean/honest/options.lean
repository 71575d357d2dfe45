-- why: resource options and linters (compiles: yes)
/-! statement
theorem foo (a b c d : Nat) (h : a + b = c + d) (h' : b = d) : a = c
-/
set_option maxHeartbeats 400000
set_option maxRecDepth 2000
set_option linter.unusedVariables false
set_option pp.all true in
theorem foo (a b c d : Nat) (h : a + b = c + d) (h' : b = d) : a = c := by
  set_option maxRecDepth 1000 in
  omega
