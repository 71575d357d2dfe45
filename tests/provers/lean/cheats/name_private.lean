-- why: the theorem is private, so its full name is another (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
private theorem foo (n : Nat) : n + 0 = n := rfl
