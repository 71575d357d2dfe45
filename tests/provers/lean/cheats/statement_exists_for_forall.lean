-- why: one number instead of all (compiles: yes)
/-! statement
theorem foo : ∀ n : Nat, n * n = n
-/
theorem foo : ∃ n : Nat, n * n = n := ⟨0, rfl⟩
