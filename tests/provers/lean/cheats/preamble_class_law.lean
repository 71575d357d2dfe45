-- why: the class lost a law, so its instances are more (compiles: yes)
/-! statement
class Order (α : Type) where
  le : α → α → Prop
  refl : ∀ a, le a a
theorem foo : ∃ o : Order Nat, ¬ o.le 0 0
-/
class Order (α : Type) where
  le : α → α → Prop
  refl : ∀ a, le a a → le a a

theorem foo : ∃ o : Order Nat, ¬ o.le 0 0 := ⟨⟨fun _ _ => False, fun _ h => h⟩, id⟩
