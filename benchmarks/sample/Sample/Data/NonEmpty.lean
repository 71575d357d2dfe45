/-!
# Lists that are not empty
-/

noncomputable section

namespace Sample.Data

/-- A list with a first element. -/
structure Chain (α : Type) where
  first : α
  rest : List α

namespace Chain

variable {α β : Type}

/-- All elements. -/
def toList (c : Chain α) : List α := c.first :: c.rest

/-- The chain of one element. -/
def single (a : α) : Chain α := ⟨a, []⟩

/-- One chain after another. -/
def append (c d : Chain α) : Chain α := ⟨c.first, c.rest ++ d.toList⟩

/-- Apply a function to each element. -/
def map (f : α → β) (c : Chain α) : Chain β := ⟨f c.first, c.rest.map f⟩

/-- The last element of a list after a given one. -/
def lastOf (a : α) : List α → α
  | [] => a
  | b :: bs => lastOf b bs

/-- The last element. -/
def last (c : Chain α) : α := lastOf c.first c.rest

/-- The smallest element. -/
def least (c : Chain Nat) : Nat := c.rest.foldl min c.first

theorem toList_ne_nil (c : Chain α) : c.toList ≠ [] := by
  sorry

theorem toList_injective {c d : Chain α} (h : c.toList = d.toList) : c = d := by
  cases c
  cases d
  simp_all [toList]

theorem toList_append (c d : Chain α) : (c.append d).toList = c.toList ++ d.toList := rfl

theorem append_assoc (c d e : Chain α) : (c.append d).append e = c.append (d.append e) := by
  apply toList_injective
  simp [toList_append]

theorem toList_map (f : α → β) (c : Chain α) : (c.map f).toList = c.toList.map f := rfl

theorem last_single (a : α) : (single a).last = a := by
  sorry

end Chain

end Sample.Data
