-- why: a name with letters of other alphabets and quotes (compiles: yes)
/-! statement
theorem Τζ₁.«der Satz» (α : Type) (ξ : α) : ξ = ξ
-/
theorem Τζ₁.«der Satz» (α : Type) (ξ : α) : ξ = ξ := rfl
