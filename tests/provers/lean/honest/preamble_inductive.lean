-- why: an inductive predicate (compiles: yes)
/-! statement
inductive Path (r : Nat → Nat → Prop) : Nat → Nat → Prop
  | here (a : Nat) : Path r a a
  | step {a b c : Nat} : r a b → Path r b c → Path r a c
theorem foo (r : Nat → Nat → Prop) (a b c : Nat) (h : Path r a b) (h' : Path r b c) : Path r a c
-/
inductive Path (r : Nat → Nat → Prop) : Nat → Nat → Prop
  | here (a : Nat) : Path r a a
  | step {a b c : Nat} : r a b → Path r b c → Path r a c

theorem foo (r : Nat → Nat → Prop) (a b c : Nat) (h : Path r a b) (h' : Path r b c) :
    Path r a c := by
  induction h with
  | here _ => exact h'
  | step first _ ih => exact .step first (ih h')
