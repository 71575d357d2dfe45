-- why: a structure of its own, with a recursive inductive type (compiles: yes)
/-! statement
theorem foo (n : Nat) : n ≤ n + n
-/
inductive Chain : Nat → Nat → Prop
  | refl (n : Nat) : Chain n n
  | step {m n : Nat} : Chain m n → Chain m (n + 1)

structure Bounded (m n : Nat) : Prop where
  chain : Chain m n

theorem Chain.le : Chain m n → m ≤ n
  | .refl _ => Nat.le_refl _
  | .step h => Nat.le_succ_of_le h.le

theorem chain (m : Nat) : ∀ k, Chain m (m + k)
  | 0 => .refl m
  | k + 1 => .step (chain m k)

theorem foo (n : Nat) : n ≤ n + n := (Bounded.mk (chain n n)).chain.le
