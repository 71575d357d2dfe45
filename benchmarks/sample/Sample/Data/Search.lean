import Sample.Data.Tree

/-!
# Binary search trees with natural numbers as keys
-/

namespace Sample.Data.Tree

/-- All values satisfy a predicate. -/
def All (p : Nat → Prop) : Tree Nat → Prop
  | leaf => True
  | node l x r => l.All p ∧ p x ∧ r.All p

/-- Smaller keys are to the left, greater ones to the right. -/
def Ordered : Tree Nat → Prop
  | leaf => True
  | node l x r => l.Ordered ∧ l.All (· < x) ∧ r.All (x < ·) ∧ r.Ordered

/-- Insert a key, unless it is there already. -/
def insert (k : Nat) : Tree Nat → Tree Nat
  | leaf => node leaf k leaf
  | node l x r =>
    if k < x then node (l.insert k) x r
    else if x < k then node l x (r.insert k)
    else node l x r

/-- Look for a key. -/
def contains (k : Nat) : Tree Nat → Bool
  | leaf => false
  | node l x r =>
    if k < x then l.contains k
    else if x < k then r.contains k
    else true

theorem all_insert {p : Nat → Prop} {k : Nat} {t : Tree Nat} (hk : p k) (ht : t.All p) :
    (t.insert k).All p := by
  induction t with
  | leaf => exact ⟨trivial, hk, trivial⟩
  | node l x r ihl ihr =>
    obtain ⟨h1, h2, h3⟩ := ht
    rw [insert]
    split
    · exact ⟨ihl h1, h2, h3⟩
    · split
      · exact ⟨h1, h2, ihr h3⟩
      · exact ⟨h1, h2, h3⟩

theorem ordered_insert (k : Nat) {t : Tree Nat} (ht : t.Ordered) : (t.insert k).Ordered := by
  induction t with
  | leaf => exact ⟨trivial, trivial, trivial, trivial⟩
  | node l x r ihl ihr =>
    obtain ⟨h1, h2, h3, h4⟩ := ht
    rw [insert]
    split
    · rename_i h
      exact ⟨ihl h1, all_insert h h2, h3, h4⟩
    · split
      · rename_i h
        exact ⟨h1, h2, all_insert h h3, ihr h4⟩
      · exact ⟨h1, h2, h3, h4⟩

theorem contains_insert_self (k : Nat) (t : Tree Nat) : (t.insert k).contains k = true := by
  induction t with
  | leaf => simp [insert, contains]
  | node l x r ihl ihr =>
    rw [insert]
    split
    · simp [contains, *]
    · split
      · sorry
      · simp [contains, *]

theorem contains_leaf (k : Nat) : contains k leaf = false :=
  rfl

theorem all_mem {p : Nat → Prop} {t : Tree Nat} (h : t.All p) : ∀ x ∈ t.toList, p x := by
  induction t with
  | leaf => exact fun x hx => nomatch hx
  | node l y r ihl ihr =>
    intro x hx
    obtain ⟨h1, h2, h3⟩ := h
    rcases List.mem_append.mp hx with hx | hx
    · exact ihl h1 x hx
    · rcases List.mem_cons.mp hx with rfl | hx
      · exact h2
      · exact ihr h3 x hx

theorem size_insert (k : Nat) (t : Tree Nat) : (t.insert k).size = t.size + 1 := by
  sorry

end Sample.Data.Tree
