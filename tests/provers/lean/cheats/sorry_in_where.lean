-- why: the `where` helper is not proved (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a ≤ b
-/
theorem foo (a b : Nat) : a ≤ b := helper a b
where
  helper (a b : Nat) : a ≤ b := sorry
