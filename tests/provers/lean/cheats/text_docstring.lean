-- why: the theorem stands in a docstring (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
/-- theorem foo (n : Nat) : n + 0 = n := rfl -/
theorem bar : True := trivial
