-- why: the compiler's own inverse of a quotient's map (compiles: no)
/-! statement
theorem foo (α : Type) (r : α → α → Prop) (a b : α) (h : r a b) : a = b
-/
theorem foo (α : Type) (r : α → α → Prop) (a b : α) (h : r a b) : a = b := by
  have := congrArg Quot.lcInv (Quot.sound h)
  exact this
