-- why: the arguments are section variables (compiles: yes)
/-! statement
theorem foo (α : Type) (r : α → α → Prop) (h : ∀ a, r a a) (a b : α) (e : a = b) : r a b
-/
section
variable (α : Type) (r : α → α → Prop)
variable (h : ∀ a, r a a)

include h in
theorem foo (a b : α) (e : a = b) : r a b := e ▸ h a
end
