-- why: a definition, not a theorem (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
def foo (n : Nat) : n + 0 = n := rfl
