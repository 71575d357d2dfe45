-- why: first-order reasoning over an unknown type (compiles: yes)
/-! statement
theorem foo {Person : Type} (kind wise happy : Person → Prop) (bob : Person) (h₁ : ∀ x, kind x → wise x) (h₂ : ∀ x, wise x → happy x) (h₃ : kind bob) : happy bob
-/
theorem foo {Person : Type} (kind wise happy : Person → Prop) (bob : Person)
    (h₁ : ∀ x, kind x → wise x) (h₂ : ∀ x, wise x → happy x) (h₃ : kind bob) :
    happy bob := by
  grind
