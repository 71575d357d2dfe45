-- why: a quantifier is bounded (compiles: yes)
/-! statement
theorem foo : ∀ n : Nat, n * n < 100
-/
theorem foo : ∀ n : Nat, n < 10 → n * n < 100 := by decide
