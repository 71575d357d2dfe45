-- why: by contradiction (compiles: yes)
/-! statement
theorem foo (p : Nat → Prop) (h : ¬ ∀ n, p n) : ∃ n, ¬ p n
-/
theorem foo (p : Nat → Prop) (h : ¬ ∀ n, p n) : ∃ n, ¬ p n := by
  refine Classical.byContradiction fun none => h fun n => ?_
  by_cases hn : p n
  · exact hn
  · exact absurd ⟨n, hn⟩ none
