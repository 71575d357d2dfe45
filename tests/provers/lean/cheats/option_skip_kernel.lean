-- why: the kernel is switched off, and `decide +kernel` asks nobody else (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
set_option debug.skipKernelTC true in
theorem foo : (1 : Nat) = 2 := by
  decide +kernel
