-- why: a class of its own, and a theorem about all its instances (compiles: yes)
/-! statement
class Monoid' (α : Type) where
  op : α → α → α
  unit : α
  left (a : α) : op unit a = a
  right (a : α) : op a unit = a
theorem foo (α : Type) [m : Monoid' α] (e : α) (h : ∀ a, Monoid'.op e a = a) : e = m.unit
-/
class Monoid' (α : Type) where
  op : α → α → α
  unit : α
  left (a : α) : op unit a = a
  right (a : α) : op a unit = a

theorem foo (α : Type) [m : Monoid' α] (e : α) (h : ∀ a, Monoid'.op e a = a) : e = m.unit :=
  (Monoid'.right e).symm.trans (h _)
