-- why: tactics with semicolons and combinators (compiles: yes)
/-! statement
theorem foo (p q r : Prop) (h : p ∧ q ∧ r) : r ∧ q ∧ p
-/
theorem foo (p q r : Prop) (h : p ∧ q ∧ r) : r ∧ q ∧ p := by obtain ⟨a, b, c⟩ := h; refine ⟨?_, ?_, ?_⟩ <;> first | exact a | exact b | exact c
