-- why: old and new notation of functions (compiles: yes)
/-! statement
theorem foo : ∃ f : Nat → Nat, ∀ n, f n = n + 1
-/
theorem foo : ∃ f : Nat → Nat, ∀ n, f n = n + 1 := ⟨λ n => n.succ, fun _ => rfl⟩
