-- why: a proof by `match` on a term (compiles: yes)
/-! statement
theorem foo (p q : Prop) (h : p ∨ q) : q ∨ p
-/
theorem foo (p q : Prop) (h : p ∨ q) : q ∨ p :=
  match h with
  | .inl hp => .inr hp
  | .inr hq => .inl hq
