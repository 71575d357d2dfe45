-- why: an abbreviation, not a theorem (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
abbrev foo (n : Nat) : n + 0 = n := rfl
