-- why: equality of propositions (compiles: yes)
/-! statement
theorem foo (p : Prop) : (p ∧ p) = p
-/
theorem foo (p : Prop) : (p ∧ p) = p := propext ⟨And.left, fun h => ⟨h, h⟩⟩
