-- why: a tactic with syntax and rules of its own (compiles: yes)
/-! statement
theorem foo (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p
-/
syntax "conjunction" : tactic
macro_rules
  | `(tactic| conjunction) => `(tactic| repeat' first | assumption | constructor)

theorem foo (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p := by
  conjunction
