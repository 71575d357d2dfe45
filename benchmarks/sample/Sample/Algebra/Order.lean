/-!
# Partial orders
-/

namespace Sample.Algebra

/-- A type with a partial order. -/
class PartialOrd (α : Type) where
  le : α → α → Prop
  le_refl : ∀ a : α, le a a
  le_trans : ∀ {a b c : α}, le a b → le b c → le a c
  le_antisymm : ∀ {a b : α}, le a b → le b a → a = b

infix:50 " ⊑ " => PartialOrd.le

/-- Numbers ordered by divisibility. -/
structure Div where
  val : Nat

/-- Divisibility is a partial order. -/
instance : PartialOrd Div where
  le a b := a.val ∣ b.val
  le_refl a := Nat.dvd_refl a.val
  le_trans h h' := Nat.dvd_trans h h'
  le_antisymm {a b} h h' := by
    cases a
    cases b
    exact congrArg Div.mk (Nat.dvd_antisymm h h')

/-- Numbers in their usual order. -/
instance : PartialOrd Nat where
  le a b := a ≤ b
  le_refl := Nat.le_refl
  le_trans := Nat.le_trans
  le_antisymm := Nat.le_antisymm

namespace PartialOrd

variable {α β γ : Type} [PartialOrd α] [PartialOrd β] [PartialOrd γ]

/-- Less and different. -/
def Lt (a b : α) : Prop := a ⊑ b ∧ a ≠ b

/-- A function that respects the order. -/
def Monotone (f : α → β) : Prop := ∀ a b, a ⊑ b → f a ⊑ f b

/-- An element below all others. -/
def IsLeast (a : α) : Prop := ∀ b, a ⊑ b

theorem lt_irrefl (a : α) : ¬ Lt a a := by
  exact fun h => h.2 rfl

theorem lt_of_lt_of_le {a b c : α} (h : Lt a b) (h' : b ⊑ c) : Lt a c := by
  sorry

theorem lt_asymm {a b : α} (h : Lt a b) : ¬ Lt b a := fun h' => h.2 (le_antisymm h.1 h'.1)

theorem IsLeast.unique {a b : α} (ha : IsLeast a) (hb : IsLeast b) : a = b := by
  exact le_antisymm (ha b) (hb a)

theorem monotone_comp {g : β → γ} {f : α → β} (hg : Monotone g) (hf : Monotone f) :
    Monotone fun a => g (f a) := fun a b h => hg _ _ (hf a b h)

theorem isLeast_one : IsLeast (⟨1⟩ : Div) := by
  exact fun b => Nat.one_dvd b.val

end PartialOrd

end Sample.Algebra
