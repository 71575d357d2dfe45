-- why: assumes an instance that was not given (compiles: yes)
/-! statement
theorem foo (α : Type) : ∃ _ : α, True
-/
theorem foo (α : Type) [Inhabited α] : ∃ _ : α, True := ⟨default, trivial⟩
