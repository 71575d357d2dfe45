-- why: a comment that never ends hides the theorem (compiles: no)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem bar : True := trivial
/- and here is the proof:
theorem foo (n : Nat) : n + 0 = n := rfl
