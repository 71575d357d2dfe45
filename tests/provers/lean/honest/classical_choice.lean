-- why: a function by choice (compiles: yes)
/-! statement
theorem foo (α β : Type) (r : α → β → Prop) (h : ∀ a, ∃ b, r a b) : ∃ f : α → β, ∀ a, r a (f a)
-/
open Classical in
theorem foo (α β : Type) (r : α → β → Prop) (h : ∀ a, ∃ b, r a b) :
    ∃ f : α → β, ∀ a, r a (f a) :=
  ⟨fun a => choose (h a), fun a => choose_spec (h a)⟩
