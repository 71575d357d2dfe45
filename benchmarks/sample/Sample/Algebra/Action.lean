import Sample.Algebra.Group
import Sample.Algebra.Instances
import Sample.Machine.Automaton

/-!
# Actions of monoids
-/

noncomputable section

namespace Sample.Algebra

open Monoid

/-- A monoid that acts on a type. -/
class Action (M X : Type) [Monoid M] where
  act : M → X → X
  unit_act : ∀ x : X, act unit x = x
  op_act : ∀ (a b : M) (x : X), act (a ⋆ b) x = act a (act b x)

namespace Action

variable {M X : Type} [Monoid M] [Action M X]

/-- The points that can be reached from one. -/
def Orbit (M : Type) {X : Type} [Monoid M] [Action M X] (x y : X) : Prop :=
  ∃ a : M, act a x = y

/-- The elements that leave a point where it is. -/
def Fixes (a : M) (x : X) : Prop := act a x = x

theorem orbit_refl (x : X) : Orbit M x x := by
  exact ⟨unit, unit_act x⟩

theorem orbit_trans {x y z : X} (h : Orbit M x y) (h' : Orbit M y z) : Orbit M x z := by
  obtain ⟨a, rfl⟩ := h
  obtain ⟨b, rfl⟩ := h'
  exact ⟨b ⋆ a, op_act b a x⟩

theorem orbit_symm {G : Type} [Group G] [Action G X] {x y : X} (h : Orbit G x y) :
    Orbit G y x := by
  obtain ⟨a, rfl⟩ := h
  exact ⟨Group.inv a, by rw [← op_act, Group.inv_op, unit_act]⟩

theorem fixes_op {a b : M} {x : X} (ha : Fixes a x) (hb : Fixes b x) : Fixes (a ⋆ b) x := by
  unfold Fixes at *
  rw [op_act, hb, ha]

theorem fixes_power {a : M} {x : X} (h : Fixes a x) (n : Nat) : Fixes (power a n) x := by
  induction n with
  | zero => exact unit_act x
  | succ n ih => exact fixes_op h ih

/-- Functions act on their type. -/
instance endoAction (α : Type) : Action (Endo α) α where
  act f := f.fn
  unit_act _ := rfl
  op_act _ _ _ := rfl

theorem fixes_endo {α : Type} (f : Endo α) (x : α) : Fixes f x ↔ f.fn x = x := by
  sorry

end Action

end Sample.Algebra
