-- why: for propositions only (compiles: yes)
/-! statement
theorem foo.{u} (α : Sort u) (a b : α) : a = b
-/
theorem foo (α : Prop) (a b : α) : a = b := rfl
