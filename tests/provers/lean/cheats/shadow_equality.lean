-- why: `=` is another relation (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a = b
-/
local macro_rules
  | `($a = $b) => `($a ≤ $a + $b)

theorem foo (a b : Nat) : a = b := by
  exact Nat.le_add_right a b
