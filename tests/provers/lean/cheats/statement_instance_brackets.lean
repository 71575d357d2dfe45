-- why: an instance argument that is ordinary, so that any may be given (compiles: yes)
/-! statement
theorem foo (α : Type) [Inhabited α] : ∃ _ : α, True
-/
theorem foo (α : Type) (_ : Inhabited α) : ∃ _ : α, True := ⟨default, trivial⟩
