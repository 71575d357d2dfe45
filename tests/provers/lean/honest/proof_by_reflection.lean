-- why: a checker proved right, then evaluated (compiles: yes)
/-! statement
theorem foo : ∀ n, n < 40 → n * n + n + 41 ≠ 0 ∧ (n * n + n + 41) % 2 = 1
-/
def check (p : Nat → Bool) : Nat → Bool
  | 0 => true
  | n + 1 => p n && check p n

theorem check_sound (p : Nat → Bool) : ∀ k, check p k = true → ∀ n, n < k → p n = true
  | k + 1, h, n, hn => by
    simp only [check, Bool.and_eq_true] at h
    by_cases e : n = k
    · exact e ▸ h.1
    · exact check_sound p k h.2 n (by omega)

theorem foo : ∀ n, n < 40 → n * n + n + 41 ≠ 0 ∧ (n * n + n + 41) % 2 = 1 := by
  intro n hn
  refine ⟨by simp, ?_⟩
  have := check_sound (fun n => (n * n + n + 41) % 2 == 1) 40 (by decide) n hn
  simpa using this
