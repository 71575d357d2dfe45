-- why: an inductive proposition of that name (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
inductive foo : Prop
  | mk : foo
