-- why: a predicate on predicates (compiles: yes)
/-! statement
theorem foo : ∃ p : (Nat → Prop) → Prop, p (fun n => n = n) ∧ ¬ p (fun n => n ≠ n)
-/
theorem foo : ∃ p : (Nat → Prop) → Prop, p (fun n => n = n) ∧ ¬ p (fun n => n ≠ n) :=
  ⟨fun q => q 0, rfl, fun h => h rfl⟩
