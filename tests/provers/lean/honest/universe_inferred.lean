-- why: `Type _` and `Sort*` are left to the elaborator (compiles: yes)
/-! statement
theorem foo (α : Type _) (a : α) : ∃ b : α, b = a
-/
theorem foo (α : Type _) (a : α) : ∃ b : α, b = a := ⟨a, rfl⟩
