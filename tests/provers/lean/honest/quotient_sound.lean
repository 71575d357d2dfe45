-- why: equality in a quotient (compiles: yes)
/-! statement
theorem foo (α : Type) (r : α → α → Prop) (a b : α) (h : r a b) : Quot.mk r a = Quot.mk r b
-/
theorem foo (α : Type) (r : α → α → Prop) (a b : α) (h : r a b) : Quot.mk r a = Quot.mk r b :=
  Quot.sound h
