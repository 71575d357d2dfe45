-- why: one direction only (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = 0 ↔ a = 0
-/
theorem foo (a b : Nat) : a = 0 → a * b = 0 := by
  rintro rfl
  simp
