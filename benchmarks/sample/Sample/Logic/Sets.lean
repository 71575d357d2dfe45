/-!
# Sets as predicates
-/

namespace Sample.Logic

/-- A set of elements of a type. -/
def Set (α : Type) := α → Prop

namespace Set

variable {α β : Type} {s t u : Set α}

instance : Membership α (Set α) where
  mem s a := s a

/-- All elements of one or the other. -/
def union (s t : Set α) : Set α := fun a => a ∈ s ∨ a ∈ t

/-- All elements of both. -/
def inter (s t : Set α) : Set α := fun a => a ∈ s ∧ a ∈ t

/-- All elements of the first that are not in the second. -/
def diff (s t : Set α) : Set α := fun a => a ∈ s ∧ a ∉ t

/-- Each element of the first is in the second. -/
def Subset (s t : Set α) : Prop := ∀ a, a ∈ s → a ∈ t

/-- All values of a function on a set. -/
def image (f : α → β) (s : Set α) : Set β := fun b => ∃ a, a ∈ s ∧ f a = b

/-- All elements with a value in a set. -/
def preimage (f : α → β) (t : Set β) : Set α := fun a => f a ∈ t

theorem ext (h : ∀ a, a ∈ s ↔ a ∈ t) : s = t :=
  funext fun a => propext (h a)

theorem mem_union {a : α} : a ∈ union s t ↔ a ∈ s ∨ a ∈ t := Iff.rfl

theorem mem_inter {a : α} : a ∈ inter s t ↔ a ∈ s ∧ a ∈ t := Iff.rfl

theorem inter_union_distrib (s t u : Set α) :
    inter s (union t u) = union (inter s t) (inter s u) := by
  sorry

theorem Subset.antisymm (h : Subset s t) (h' : Subset t s) : s = t :=
  ext fun a => ⟨h a, h' a⟩

theorem diff_union_inter (s t : Set α) : union (diff s t) (inter s t) = s := by
  apply ext
  intro a
  constructor
  · rintro (h | h) <;> exact h.1
  · intro h
    by_cases ht : a ∈ t
    · exact Or.inr ⟨h, ht⟩
    · exact Or.inl ⟨h, ht⟩

theorem image_subset_iff (f : α → β) (t : Set β) :
    Subset (image f s) t ↔ Subset s (preimage f t) := by
  constructor
  · intro h a ha
    exact h (f a) ⟨a, ha, rfl⟩
  · rintro h b ⟨a, ha, rfl⟩
    exact h a ha

theorem image_inter (f : Nat → Nat) (s t : Set Nat) :
    image f (inter s t) = inter (image f s) (image f t) := by
  sorry

end Set

end Sample.Logic
