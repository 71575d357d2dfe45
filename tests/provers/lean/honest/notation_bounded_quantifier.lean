-- why: bounded quantifiers written out (compiles: yes)
/-! statement
theorem foo : ∀ n < 3, ∃ m > n, m * m ≠ n
-/
theorem foo : ∀ n, n < 3 → ∃ m, m > n ∧ m * m ≠ n := by
  intro n hn
  exact ⟨n + 2, by omega, by have : n = 0 ∨ n = 1 ∨ n = 2 := by omega
                             rcases this with rfl | rfl | rfl <;> decide⟩
