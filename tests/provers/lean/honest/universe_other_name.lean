-- why: the universe parameter has another name (compiles: yes)
/-! statement
theorem foo.{u} (α : Sort u) (a b : α) (h : a = b) : b = a
-/
theorem foo.{w} (α : Sort w) (a b : α) (h : a = b) : b = a := h ▸ rfl
