-- why: the theorem is defined by equations (compiles: yes)
/-! statement
theorem foo : ∀ n : Nat, n ≠ 0 → ∃ m, n = m + 1
-/
theorem foo : ∀ n : Nat, n ≠ 0 → ∃ m, n = m + 1
  | 0, h => absurd rfl h
  | n + 1, _ => ⟨n, rfl⟩
