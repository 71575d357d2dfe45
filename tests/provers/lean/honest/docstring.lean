-- why: a docstring that speaks of sorry, axiom and native_decide (compiles: yes)
/-! statement
theorem foo (n : Nat) : n ∣ n * n
-/
/-- No `sorry`, no axiom, no `native_decide`, no unsafe or implemented_by:
`theorem foo : False := sorry` is not what is proved. -/
theorem foo (n : Nat) : n ∣ n * n := ⟨n, rfl⟩
