-- why: the function is opaque, and has another value (compiles: yes)
/-! statement
def secret : Nat := 42
theorem foo : ∃ n, n = secret ∧ n ≤ n
-/
opaque secret : Nat := 0

theorem foo : ∃ n, n = secret ∧ n ≤ n := ⟨secret, rfl, Nat.le_refl _⟩
