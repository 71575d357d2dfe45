-- why: a field's condition is missing (compiles: yes)
/-! statement
structure Even where
  value : Nat
  even : value % 2 = 0
theorem foo : ∃ e : Even, e.value = 3
-/
structure Even where
  value : Nat
  even : value % 2 = 0 ∨ value = 3

theorem foo : ∃ e : Even, e.value = 3 := ⟨⟨3, .inr rfl⟩, rfl⟩
