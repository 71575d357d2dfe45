import Sample.Data.Sum

/-!
# Binary trees
-/

noncomputable section

namespace Sample.Data

/-- Binary trees with a value at each inner node. -/
inductive Tree (α : Type) where
  | leaf : Tree α
  | node (left : Tree α) (value : α) (right : Tree α) : Tree α

namespace Tree

variable {α β : Type}

/-- The number of inner nodes. -/
def size : Tree α → Nat
  | leaf => 0
  | node l _ r => l.size + 1 + r.size

/-- The number of leaves. -/
def leaves : Tree α → Nat
  | leaf => 1
  | node l _ r => l.leaves + r.leaves

/-- The length of a longest path from the root. -/
def height : Tree α → Nat
  | leaf => 0
  | node l _ r => max l.height r.height + 1

/-- Left and right exchanged, at every node. -/
def mirror : Tree α → Tree α
  | leaf => leaf
  | node l x r => node r.mirror x l.mirror

/-- The values from left to right. -/
def toList : Tree α → List α
  | leaf => []
  | node l x r => l.toList ++ x :: r.toList

/-- Apply a function to every value. -/
def map (f : α → β) : Tree α → Tree β
  | leaf => leaf
  | node l x r => node (l.map f) (f x) (r.map f)

/-- The sum of all values. -/
def total : Tree Nat → Nat
  | leaf => 0
  | node l x r => l.total + x + r.total

@[simp] theorem mirror_mirror (t : Tree α) : t.mirror.mirror = t := by
  sorry

theorem size_mirror (t : Tree α) : t.mirror.size = t.size := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [mirror, size, ihl, ihr]
    sorry

theorem leaves_eq (t : Tree α) : t.leaves = t.size + 1 := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp only [leaves, size]
    omega

theorem height_le_size (t : Tree α) : t.height ≤ t.size := by
  induction t with
  | leaf => exact Nat.le_refl 0
  | node l x r ihl ihr =>
    simp only [height, size]
    omega

theorem toList_map (f : α → β) (t : Tree α) : (t.map f).toList = t.toList.map f := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr => simp [map, toList, ihl, ihr]

theorem map_id (t : Tree α) : t.map (fun x => x) = t := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr => simp [map, ihl, ihr]

theorem total_eq_sum (t : Tree Nat) : t.total = sum t.toList := by
  induction t with
  | leaf => rfl
  | node l x r ihl ihr =>
    simp [total, toList, ihl, ihr, Nat.add_assoc]

end Tree

end Sample.Data
