-- why: simplifies all hypotheses (compiles: yes)
/-! statement
theorem foo (l : List Nat) (h : l ++ [] = [1] ∧ True) : l.length = 1
-/
theorem foo (l : List Nat) (h : l ++ [] = [1] ∧ True) : l.length = 1 := by
  simp [List.append_nil] at *
  simp [h]
