-- why: a theorem that calls itself on a list's tail (compiles: yes)
/-! statement
theorem foo (l : List Nat) : l ++ [] = l
-/
theorem foo (l : List Nat) : l ++ [] = l :=
  match l with
  | [] => rfl
  | a :: l => congrArg (a :: ·) (foo l)
