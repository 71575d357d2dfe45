-- why: the kernel is switched off within a tactic block (compiles: yes)
/-! statement
theorem foo : (5 : Nat) < 3
-/
theorem foo : (5 : Nat) < 3 := by
  set_option debug.skipKernelTC true in
  decide +kernel
