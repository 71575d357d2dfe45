-- why: the file ends within a line comment (compiles: yes)
/-! statement
theorem foo (n : Nat) : n = n
-/
theorem foo (n : Nat) : n = n := rfl -- done