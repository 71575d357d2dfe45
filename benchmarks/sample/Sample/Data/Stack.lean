import Sample.Data.Opt

/-!
# Stacks of bounded size
-/

noncomputable section

namespace Sample.Data

/-- A stack with at most `cap` elements. -/
structure Bounded (α : Type) (cap : Nat) where
  items : List α
  fits : items.length ≤ cap

namespace Bounded

variable {α : Type} {cap : Nat}

/-- The stack without elements. -/
def empty : Bounded α cap := ⟨[], Nat.zero_le _⟩

/-- The number of elements. -/
def size (s : Bounded α cap) : Nat := s.items.length

/-- Put an element on top, if there is room. -/
def push (s : Bounded α cap) (x : α) (h : s.size < cap) : Bounded α cap := ⟨x :: s.items, h⟩

/-- The element on top. -/
def top (s : Bounded α cap) : Opt α :=
  match s.items with
  | [] => .none
  | x :: _ => .some x

/-- Take the top element away. -/
def drop (s : Bounded α cap) : Bounded α cap :=
  ⟨s.items.tail, by
    have := s.fits
    rw [List.length_tail]
    omega⟩

/-- How many more elements there is room for. -/
def room (s : Bounded α cap) : Nat := cap - s.size

@[simp] theorem size_empty : (empty : Bounded α cap).size = 0 := rfl

theorem size_le (s : Bounded α cap) : s.size ≤ cap := sorry

@[simp] theorem size_push (s : Bounded α cap) (x : α) (h : s.size < cap) :
    (s.push x h).size = s.size + 1 := rfl

theorem drop_push (s : Bounded α cap) (x : α) (h : s.size < cap) : (s.push x h).drop = s := by
  sorry

theorem size_drop (s : Bounded α cap) : s.drop.size = s.size - 1 := by
  simp [drop, size]

theorem room_drop (s : Bounded Nat cap) : s.drop.room = s.room + 1 := by
  sorry

end Bounded

end Sample.Data
