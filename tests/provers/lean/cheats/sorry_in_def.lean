-- why: a definition carries the gap as a subtype (compiles: yes)
/-! statement
theorem foo : ∃ n : Nat, n < 0
-/
noncomputable def witness : { n : Nat // n < 0 } := ⟨0, sorry⟩

theorem foo : ∃ n : Nat, n < 0 := ⟨witness.1, witness.2⟩
