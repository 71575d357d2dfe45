-- why: a true but unproved axiom (compiles: yes)
/-! statement
theorem foo (p q : Nat → Prop) (h : ∀ n, p n ↔ q n) : p = q
-/
axiom funext' {α : Type} {p q : α → Prop} (h : ∀ x, p x ↔ q x) : p = q

theorem foo (p q : Nat → Prop) (h : ∀ n, p n ↔ q n) : p = q := funext' h
