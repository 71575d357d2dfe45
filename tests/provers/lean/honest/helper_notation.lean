-- why: a local notation that the statement does not use (compiles: yes)
/-! statement
theorem foo (a b : Nat) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b
-/
local notation "sq(" x ")" => x * x
local infixl:65 " ⊕⊕ " => Nat.add

theorem lemma₁ (a b : Nat) : sq((a + b)) = sq(a) + 2 * (a * b) + sq(b) := by
  grind

theorem foo (a b : Nat) : (a + b) * (a + b) = a * a + 2 * (a * b) + b * b := lemma₁ a b
