/-!
# Boolean functions
-/

namespace Sample.Logic

/-- Not both. -/
def nand (a b : Bool) : Bool := !(a && b)

/-- The first implies the second. -/
def implies (a b : Bool) : Bool := !a || b

/-- Whether at least two of three are true. -/
def majority (a b c : Bool) : Bool := a && b || b && c || a && c

/-- `a` if the condition holds, else `b`. -/
def choose (c a b : Bool) : Bool := if c then a else b

theorem nand_self (a : Bool) : nand a a = !a := by
  sorry

theorem implies_trans {a b c : Bool} (h : implies a b = true) (h' : implies b c = true) :
    implies a c = true := by
  cases a <;> cases b <;> cases c <;> simp_all [implies]

theorem implies_iff {a b : Bool} : implies a b = true ↔ (a = true → b = true) := by
  cases a <;> simp [implies]

theorem majority_perm (a b c : Bool) : majority a b c = majority b c a := by
  revert a b c
  decide

theorem majority_self (a b : Bool) : majority a a b = a := by
  sorry

theorem choose_eq (c a b : Bool) : choose c a b = ((c && a) || (!c && b)) := by
  cases c <;> simp [choose]

end Sample.Logic
