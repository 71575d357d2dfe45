/-!
# Optional values
-/

namespace Sample.Data

/-- A value that may be missing. -/
inductive Opt (α : Type) where
  | none : Opt α
  | some (value : α) : Opt α

namespace Opt

variable {α β γ : Type}

/-- Apply a function to the value, if there is one. -/
def map (f : α → β) : Opt α → Opt β
  | none => none
  | some a => some (f a)

/-- Go on with the value, if there is one. -/
def bind (x : Opt α) (f : α → Opt β) : Opt β :=
  match x with
  | none => none
  | some a => f a

/-- The first of two that is there. -/
def orElse : Opt α → Opt α → Opt α
  | none, y => y
  | some a, _ => some a

/-- The value, or another one. -/
def getD (d : α) : Opt α → α
  | none => d
  | some a => a

/-- Whether there is a value. -/
def isSome : Opt α → Bool
  | none => false
  | some _ => true

@[simp] theorem map_none (f : α → β) : map f none = none := rfl

@[simp] theorem map_some (f : α → β) (a : α) : map f (some a) = some (f a) := rfl

theorem map_id (x : Opt α) : map (fun a => a) x = x := by
  sorry

theorem bind_assoc (x : Opt α) (f : α → Opt β) (g : β → Opt γ) :
    (x.bind f).bind g = x.bind fun a => (f a).bind g := by
  cases x <;> rfl

theorem orElse_assoc (x y z : Opt α) : (x.orElse y).orElse z = x.orElse (y.orElse z) := by
  cases x <;> rfl

theorem isSome_orElse (x y : Opt α) : (x.orElse y).isSome = (x.isSome || y.isSome) := by
  sorry

end Opt

end Sample.Data
