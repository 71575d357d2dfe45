-- why: an instance of its own, found by itself (compiles: yes)
/-! statement
theorem foo : ∀ b : Option (Fin 3), b = none ∨ b ≠ none
-/
class Decided (p : Prop) where
  out : p ∨ ¬p

instance (priority := low) {p : Prop} [Decidable p] : Decided p := ⟨Decidable.em p⟩

theorem foo : ∀ b : Option (Fin 3), b = none ∨ b ≠ none := fun _ => Decided.out
