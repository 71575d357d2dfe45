-- why: an error after the theorem (compiles: no)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem foo (n : Nat) : n + 0 = n := rfl

and so we are done.
