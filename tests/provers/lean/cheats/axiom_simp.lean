-- why: an axiom that `simp` uses, so it is named nowhere (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = b + a
-/
@[simp] axiom rewriting (a b : Nat) : a * b = b + a

theorem foo (a b : Nat) : a * b = b + a := by
  simp
