-- why: `omega` is made to mean `sorry` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b < a
-/
macro_rules
  | `(tactic| omega) => `(tactic| exact sorryAx _ true)

theorem foo (a b : Nat) : a + b < a := by
  omega
