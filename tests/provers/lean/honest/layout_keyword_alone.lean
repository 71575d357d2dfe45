-- why: every part on a line of its own (compiles: yes)
/-! statement
theorem foo (n : Nat) : n = n
-/
theorem
  foo
    (n : Nat)
  :
    n = n
  :=
    by
      rfl
