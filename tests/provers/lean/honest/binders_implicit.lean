-- why: all kinds of brackets (compiles: yes)
/-! statement
theorem foo {α : Type} [DecidableEq α] ⦃a b : α⦄ (h : ¬ a = b) : (if a = b then 1 else 2) = 2
-/
theorem foo {α : Type} [DecidableEq α] ⦃a b : α⦄ (h : ¬ a = b) : (if a = b then 1 else 2) = 2 :=
  if_neg h
