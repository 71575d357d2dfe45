-- why: rewriting in a chosen place (compiles: yes)
/-! statement
theorem foo (a b c : Nat) : a * (b + c) = a * (c + b)
-/
theorem foo (a b c : Nat) : a * (b + c) = a * (c + b) := by
  conv =>
    lhs
    arg 2
    rw [Nat.add_comm]
