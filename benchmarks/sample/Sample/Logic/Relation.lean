/-!
# Relations on a type
-/

namespace Sample.Logic

/-- A binary relation. -/
abbrev Rel (α : Type) := α → α → Prop

namespace Rel

variable {α : Type} {r s t : Rel α}

/-- Everything is related to itself. -/
def Refl (r : Rel α) : Prop := ∀ a, r a a

/-- Related in one direction, related in the other one. -/
def Symm (r : Rel α) : Prop := ∀ a b, r a b → r b a

/-- Two steps can be replaced by one. -/
def Trans (r : Rel α) : Prop := ∀ a b c, r a b → r b c → r a c

/-- A step of the first relation and then one of the second. -/
def comp (r s : Rel α) : Rel α := fun a c => ∃ b, r a b ∧ s b c

/-- The relation the other way round. -/
def inv (r : Rel α) : Rel α := fun a b => r b a

/-- The first relation implies the second. -/
def Sub (r s : Rel α) : Prop := ∀ a b, r a b → s a b

/-- All that both relations have. -/
def meet (r s : Rel α) : Rel α := fun a b => r a b ∧ s a b

theorem inv_inv (r : Rel α) : r.inv.inv = r := rfl

theorem Symm.meet (hr : Symm r) (hs : Symm s) : Symm (meet r s) := by
  intro a b h
  exact ⟨hr a b h.1, hs a b h.2⟩

theorem Trans.meet (hr : Trans r) (hs : Trans s) : Trans (meet r s) :=
  fun a b c h h' => ⟨hr a b c h.1 h'.1, hs a b c h.2 h'.2⟩

theorem Sub.trans (h : Sub r s) (h' : Sub s t) : Sub r t :=
  fun a b hab => h' a b (h a b hab)

theorem Trans.inv (h : Trans r) : Trans r.inv := by
  intro a b c hab hbc
  sorry

theorem refl_of_symm_trans {r : Rel Nat} (hs : Symm r) (ht : Trans r) : Refl r := by
  sorry

end Rel

end Sample.Logic
