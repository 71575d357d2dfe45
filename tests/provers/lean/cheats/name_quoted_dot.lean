-- why: a name of one part that prints as one of two (compiles: yes)
/-! statement
theorem Nat.foo (n : Nat) : n + 0 = n
-/
theorem «Nat.foo» (n : Nat) : n + 0 = n := rfl
