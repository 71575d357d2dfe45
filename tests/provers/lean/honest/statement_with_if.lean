-- why: the statement decides a proposition (compiles: yes)
/-! statement
theorem foo (a b : Nat) : (if a ≤ b then a else b) ≤ a
-/
theorem foo (a b : Nat) : (if a ≤ b then a else b) ≤ a := by
  split
  case isTrue h => exact Nat.le_refl a
  case isFalse h => omega
