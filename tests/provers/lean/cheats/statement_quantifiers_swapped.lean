-- why: `∀ ∃` for `∃ ∀` (compiles: yes)
/-! statement
theorem foo : ∃ m : Nat, ∀ n : Nat, n ≤ m
-/
theorem foo : ∀ n : Nat, ∃ m : Nat, n ≤ m := fun n => ⟨n, Nat.le_refl n⟩
