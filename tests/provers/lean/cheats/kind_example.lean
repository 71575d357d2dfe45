-- why: an `example` has no name (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
example (n : Nat) : n + 0 = n := rfl
