-- why: a notation stands for `sorry` (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a * b = 0
-/
notation "clearly" => sorryAx _ false

theorem foo (a b : Nat) : a * b = 0 := clearly
