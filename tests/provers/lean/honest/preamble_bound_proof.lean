-- why: the statement holds a proof by another tactic than the code's (compiles: yes)
/-! statement
theorem foo (f : Fin 5 → Nat) (h : ∀ i, f i = 0) : f ⟨2, by decide⟩ = 0
-/
theorem foo (f : Fin 5 → Nat) (h : ∀ i, f i = 0) : f ⟨2, by decide⟩ = 0 := h _
