-- why: a letter that only looks like the right one (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem fοo (n : Nat) : n + 0 = n := rfl
