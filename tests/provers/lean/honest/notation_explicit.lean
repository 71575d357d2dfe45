-- why: the statement without its notation, by constants (compiles: yes)
/-! statement
theorem foo (p q : Prop) : p ∧ q ↔ q ∧ p
-/
theorem foo (p q : Prop) : Iff (And p q) (And q p) := And.comm
