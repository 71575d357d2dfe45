-- why: by evaluation in the kernel alone (compiles: yes)
/-! statement
theorem foo : 2 ^ 61 % 1000007 ≠ 0
-/
theorem foo : 2 ^ 61 % 1000007 ≠ 0 := by
  decide +kernel
