import Sample.Data.Opt

/-!
# Results with errors
-/

namespace Sample.Data

/-- A value, or an error that says why there is none. -/
inductive Res (ε α : Type) where
  | ok (value : α) : Res ε α
  | error (why : ε) : Res ε α

namespace Res

variable {ε δ α β γ : Type}

/-- Apply a function to a value. -/
def map (f : α → β) : Res ε α → Res ε β
  | ok a => ok (f a)
  | error e => error e

/-- Apply a function to an error. -/
def mapError (f : ε → δ) : Res ε α → Res δ α
  | ok a => ok a
  | error e => error (f e)

/-- Go on with a value. -/
def bind (x : Res ε α) (f : α → Res ε β) : Res ε β :=
  match x with
  | ok a => f a
  | error e => error e

/-- Handle an error. -/
def handle (x : Res ε α) (f : ε → Res ε α) : Res ε α :=
  match x with
  | ok a => ok a
  | error e => f e

/-- Forget why there is no value. -/
def toOpt : Res ε α → Opt α
  | ok a => .some a
  | error _ => .none

/-- Divide, unless by zero. -/
def divide (m n : Nat) : Res String Nat :=
  if n = 0 then error "division by zero" else ok (m / n)

theorem bind_assoc (x : Res ε α) (f : α → Res ε β) (g : β → Res ε γ) :
    (x.bind f).bind g = x.bind fun a => (f a).bind g := by
  cases x <;> rfl

theorem map_mapError (f : α → β) (g : ε → δ) (x : Res ε α) :
    (x.map f).mapError g = (x.mapError g).map f := by
  sorry

theorem toOpt_map (f : α → β) (x : Res ε α) : (x.map f).toOpt = x.toOpt.map f := by
  sorry

theorem toOpt_bind (x : Res ε α) (f : α → Res ε β) :
    (x.bind f).toOpt = x.toOpt.bind fun a => (f a).toOpt := by
  cases x <;> rfl

theorem handle_error (x : Res ε α) : x.handle error = x := by
  cases x <;> rfl

theorem divide_ok {m n : Nat} (h : n ≠ 0) : divide m n = ok (m / n) := by
  simp [divide, h]

end Res

end Sample.Data
