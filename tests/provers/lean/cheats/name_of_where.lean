-- why: the name is that of a helper (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem bar : True := trivial
where
  foo (n : Nat) : n + 0 = n := rfl
