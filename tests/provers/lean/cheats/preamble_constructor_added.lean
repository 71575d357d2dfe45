-- why: the inductive predicate has one more rule (compiles: yes)
/-! statement
inductive Even : Nat → Prop
  | zero : Even 0
  | next (n : Nat) : Even n → Even (n + 2)
theorem foo : Even 3
-/
inductive Even : Nat → Prop
  | zero : Even 0
  | next (n : Nat) : Even n → Even (n + 2)
  | three : Even 3

theorem foo : Even 3 := .three
