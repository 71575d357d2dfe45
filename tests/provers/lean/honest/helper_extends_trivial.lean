-- why: an extensible tactic gets a further, honest meaning (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : a < b) : a ≠ b
-/
macro_rules | `(tactic| trivial) => `(tactic| omega)

theorem foo (a b : Nat) (h : a < b) : a ≠ b := by
  trivial
