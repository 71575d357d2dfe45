-- why: no code at all (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
