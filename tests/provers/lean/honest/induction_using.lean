-- why: strong induction by a principle of the library (compiles: yes)
/-! statement
theorem foo (n : Nat) : ∃ k, n = 2 * k ∨ n = 2 * k + 1
-/
theorem foo (n : Nat) : ∃ k, n = 2 * k ∨ n = 2 * k + 1 := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    match n, ih with
    | 0, _ => exact ⟨0, .inl rfl⟩
    | 1, _ => exact ⟨0, .inr rfl⟩
    | n + 2, ih =>
      obtain ⟨k, hk⟩ := ih n (by omega)
      exact ⟨k + 1, by omega⟩
