-- why: the statement has a function with a pattern (compiles: yes)
/-! statement
theorem foo : ∀ p : Nat × Nat, (fun (a, b) => a + b) p = p.1 + p.2
-/
theorem foo : ∀ p : Nat × Nat, (fun (a, b) => a + b) p = p.1 + p.2 := by
  rintro ⟨a, b⟩
  rfl
