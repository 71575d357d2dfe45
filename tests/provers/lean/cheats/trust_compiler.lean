-- why: rests on the axiom that the compiler is right (compiles: yes)
/-! statement
theorem foo : ∃ p : Prop, p
-/
theorem foo : ∃ p : Prop, p := ⟨True, Lean.trustCompiler⟩
