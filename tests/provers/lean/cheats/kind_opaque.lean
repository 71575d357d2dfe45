-- why: an opaque constant, not a theorem (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
opaque foo (n : Nat) : n + 0 = n := rfl
