-- why: a constructor of that name, in a type that says it (compiles: yes)
/-! statement
inductive Odd : Nat → Prop
  | one : Odd 1
  | next (n : Nat) : Odd n → Odd (n + 2)
theorem Odd.four : Odd 4
-/
inductive Odd : Nat → Prop
  | one : Odd 1
  | next (n : Nat) : Odd n → Odd (n + 2)
  | four : Odd 4
