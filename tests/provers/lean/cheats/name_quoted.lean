-- why: a space in the name (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem «foo » (n : Nat) : n + 0 = n := rfl
