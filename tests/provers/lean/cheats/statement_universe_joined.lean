-- why: one universe where there were two (compiles: yes)
/-! statement
theorem foo.{u, v} (α : Type u) (β : Type v) (p : α × β) : (p.1, p.2) = p
-/
theorem foo.{u} (α β : Type u) (p : α × β) : (p.1, p.2) = p := rfl
