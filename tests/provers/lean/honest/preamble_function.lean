-- why: a function by recursion (compiles: yes)
/-! statement
def sum : List Nat → Nat
  | [] => 0
  | a :: l => a + sum l
theorem foo (l m : List Nat) : sum (l ++ m) = sum l + sum m
-/
def sum : List Nat → Nat
  | [] => 0
  | a :: l => a + sum l

theorem foo (l m : List Nat) : sum (l ++ m) = sum l + sum m := by
  induction l with
  | nil => simp [sum]
  | cons a l ih => simp [sum, ih, Nat.add_assoc]
