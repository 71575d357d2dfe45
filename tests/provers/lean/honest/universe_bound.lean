-- why: universe parameters by name (compiles: yes)
/-! statement
theorem foo.{u, v} (α : Type u) (β : Type v) (a : α) (b : β) : (a, b).1 = a
-/
theorem foo.{u, v} (α : Type u) (β : Type v) (a : α) (b : β) : (a, b).1 = a := rfl
