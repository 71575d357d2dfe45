-- why: the statement comes with `:= by sorry` (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : a ∣ b) : a ∣ b * b := by sorry
-/
theorem foo (a b : Nat) (h : a ∣ b) : a ∣ b * b := by
  obtain ⟨c, rfl⟩ := h
  exact ⟨c * (a * c), by rw [Nat.mul_assoc]⟩
