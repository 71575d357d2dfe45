import Sample.Algebra.Instances

/-!
# Homomorphisms of monoids
-/

noncomputable section

namespace Sample.Algebra

open Monoid

/-- A function that respects the operation and the neutral element. -/
structure Hom (M N : Type) [Monoid M] [Monoid N] where
  fn : M → N
  map_unit : fn unit = unit
  map_op : ∀ a b : M, fn (a ⋆ b) = fn a ⋆ fn b

namespace Hom

variable {M N P : Type} [Monoid M] [Monoid N] [Monoid P]

/-- The homomorphism that changes nothing. -/
def id : Hom M M := ⟨fun a => a, rfl, fun _ _ => rfl⟩

/-- One homomorphism after another. -/
def comp (g : Hom N P) (f : Hom M N) : Hom M P where
  fn a := g.fn (f.fn a)
  map_unit := by rw [f.map_unit, g.map_unit]
  map_op a b := by rw [f.map_op, g.map_op]

/-- The elements that are mapped to the neutral element. -/
def Kernel (f : Hom M N) (a : M) : Prop := f.fn a = unit

/-- The length of a list, as a homomorphism. -/
def length (α : Type) : Hom (List α) Nat := ⟨List.length, rfl, length_op⟩

theorem comp_id (f : Hom M N) : f.comp id = f := rfl

theorem kernel_unit (f : Hom M N) : f.Kernel unit :=
  f.map_unit

theorem kernel_op (f : Hom M N) {a b : M} (ha : f.Kernel a) (hb : f.Kernel b) :
    f.Kernel (a ⋆ b) := by
  unfold Kernel at *
  sorry

theorem kernel_comp (g : Hom N P) (f : Hom M N) {a : M} (h : f.Kernel a) :
    (g.comp f).Kernel a := by
  unfold Kernel comp at *
  simp only [h, g.map_unit]

theorem kernel_length {α : Type} (xs : List α) : (length α).Kernel xs ↔ xs = [] := by
  exact List.length_eq_zero_iff

theorem eq_of_fn_eq {f g : Hom M N} (h : ∀ a, f.fn a = g.fn a) : f = g := by
  cases f
  cases g
  simp_all
  exact funext h

end Hom

end Sample.Algebra
