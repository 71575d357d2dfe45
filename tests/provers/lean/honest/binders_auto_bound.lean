-- why: arguments bound by themselves in the statement (compiles: yes)
/-! statement
theorem foo {α : Type} {a b : α} (h : a = b) : b = a
-/
set_option autoImplicit true

theorem foo {α : Type} {a b : α} : a = b → b = a := by
  exact fun h : a = b => h.symm
