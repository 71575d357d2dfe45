-- why: two theorems by mutual recursion (compiles: yes)
/-! statement
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | succ {n : Nat} : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | succ {n : Nat} : Even n → Odd (n + 1)
end
theorem foo (n : Nat) : Even n → n % 2 = 0
-/
mutual
inductive Even : Nat → Prop
  | zero : Even 0
  | succ {n : Nat} : Odd n → Even (n + 1)
inductive Odd : Nat → Prop
  | succ {n : Nat} : Even n → Odd (n + 1)
end

mutual
theorem foo (n : Nat) : Even n → n % 2 = 0
  | .zero => rfl
  | .succ h => by
    have := bar _ h
    omega

theorem bar (n : Nat) : Odd n → n % 2 = 1
  | .succ h => by
    have := foo _ h
    omega
end
