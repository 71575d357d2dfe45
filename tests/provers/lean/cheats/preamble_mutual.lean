-- why: in a mutual definition the other predicate is changed (compiles: yes)
/-! statement
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | succ (n : Nat) : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | succ (n : Nat) : Even n → Odd (n + 1)
end
theorem foo : Even 1
-/
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | succ (n : Nat) : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | succ (n : Nat) : Even n → Odd n
end

theorem foo : Even 1 := .succ 0 (.succ 0 .zero)
