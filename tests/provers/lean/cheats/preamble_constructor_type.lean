-- why: a rule of the inductive predicate is more generous (compiles: yes)
/-! statement
inductive Below : Nat → Nat → Prop
  | refl (n : Nat) : Below n n
  | step (m n : Nat) : Below m n → Below m (n + 1)
theorem foo : Below 3 1
-/
inductive Below : Nat → Nat → Prop
  | refl (n : Nat) : Below n n
  | step (m n : Nat) : Below n n → Below m (n + 1)

theorem foo : Below 3 1 := .step 3 0 (.refl 0)
