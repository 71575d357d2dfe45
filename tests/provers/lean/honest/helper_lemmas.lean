-- why: lemmas of its own before the theorem (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : a * b = 1) : a = 1
-/
theorem one_le_of_mul {a b : Nat} (h : a * b = 1) : 1 ≤ b := by
  cases b with
  | zero => simp at h
  | succ b => omega

theorem le_one_of_mul {a b : Nat} (h : a * b = 1) : a ≤ 1 :=
  h ▸ Nat.le_mul_of_pos_right a (one_le_of_mul h)

theorem foo (a b : Nat) (h : a * b = 1) : a = 1 := by
  have := le_one_of_mul h
  have : a ≠ 0 := by rintro rfl; simp at h
  omega
