/-!
# Queues as two lists
-/

noncomputable section

namespace Sample.Data

/-- A queue: `back` is in reverse order. -/
structure Queue (α : Type) where
  front : List α
  back : List α

namespace Queue

variable {α : Type}

/-- The queue without elements. -/
def empty : Queue α := ⟨[], []⟩

/-- The elements, the oldest first. -/
def toList (q : Queue α) : List α := q.front ++ q.back.reverse

/-- Add an element at the end. -/
def push (q : Queue α) (x : α) : Queue α := ⟨q.front, x :: q.back⟩

/-- Take the oldest element. -/
def pop (q : Queue α) : Option (α × Queue α) :=
  match q.front with
  | x :: xs => some (x, ⟨xs, q.back⟩)
  | [] =>
    match q.back.reverse with
    | [] => none
    | x :: xs => some (x, ⟨xs, []⟩)

/-- The number of elements. -/
def size (q : Queue α) : Nat := q.front.length + q.back.length

@[simp] theorem toList_empty : (empty : Queue α).toList = [] := rfl

theorem size_eq (q : Queue α) : q.size = q.toList.length := by
  simp [size, toList]

theorem size_push (q : Queue α) (x : α) : (q.push x).size = q.size + 1 :=
  rfl

theorem toList_of_pop {q r : Queue α} {x : α} (h : q.pop = some (x, r)) :
    q.toList = x :: r.toList := by
  obtain ⟨f, b⟩ := q
  cases f with
  | cons y ys =>
    simp only [pop, Option.some.injEq, Prod.mk.injEq] at h
    obtain ⟨rfl, rfl⟩ := h
    rfl
  | nil =>
    simp only [pop] at h
    split at h
    · simp at h
    · rename_i y ys hb
      simp only [Option.some.injEq, Prod.mk.injEq] at h
      obtain ⟨rfl, rfl⟩ := h
      simp [toList, hb]

theorem pop_eq_none_iff (q : Queue α) : q.pop = none ↔ q.toList = [] := by
  sorry

theorem size_of_pop {q r : Queue α} {x : α} (h : q.pop = some (x, r)) :
    q.size = r.size + 1 := by
  sorry

end Queue

end Sample.Data
