/-!
# Association maps

Lists of keys and values; the first entry of a key counts.
-/

noncomputable section

namespace Sample.Data

/-- An association map. -/
structure Assoc (κ ν : Type) where
  entries : List (κ × ν)

namespace Assoc

variable {κ ν : Type} [DecidableEq κ]

/-- The map without entries. -/
def empty : Assoc κ ν := ⟨[]⟩

/-- The value of a key in a list of entries. -/
def find (k : κ) : List (κ × ν) → Option ν
  | [] => none
  | (k', v) :: rest => if k' = k then some v else find k rest

/-- The value of a key. -/
def get? (m : Assoc κ ν) (k : κ) : Option ν := find k m.entries

/-- Give a key a value. -/
def put (m : Assoc κ ν) (k : κ) (v : ν) : Assoc κ ν := ⟨(k, v) :: m.entries⟩

/-- Remove all entries of a key. -/
def erase (m : Assoc κ ν) (k : κ) : Assoc κ ν := ⟨m.entries.filter fun e => e.1 ≠ k⟩

/-- Whether a key has a value. -/
def has (m : Assoc κ ν) (k : κ) : Bool := (m.get? k).isSome

@[simp] theorem get?_empty (k : κ) : (empty : Assoc κ ν).get? k = none := rfl

@[simp] theorem get?_put_self (m : Assoc κ ν) (k : κ) (v : ν) : (m.put k v).get? k = some v := by
  sorry

theorem get?_put_of_ne (m : Assoc κ ν) {k k' : κ} (v : ν) (h : k ≠ k') :
    (m.put k v).get? k' = m.get? k' := by
  simp [get?, put, find, h]

theorem find_filter_self (k : κ) (es : List (κ × ν)) :
    find k (es.filter fun e => e.1 ≠ k) = none := by
  induction es with
  | nil => rfl
  | cons e es ih =>
    rw [List.filter_cons]
    split
    · rename_i h
      have h' : e.1 ≠ k := by simpa using h
      obtain ⟨k', v⟩ := e
      simp only [find]
      rw [if_neg h', ih]
    · exact ih

@[simp] theorem get?_erase_self (m : Assoc κ ν) (k : κ) : (m.erase k).get? k = none :=
  find_filter_self k m.entries

theorem has_erase_self (m : Assoc κ ν) (k : κ) : (m.erase k).has k = false := by
  simp [has]

end Assoc

end Sample.Data
