-- why: nothing but prose in a comment (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
/-! The proof is left to the reader. -/
