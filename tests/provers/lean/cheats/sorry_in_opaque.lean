-- why: the gap is in an opaque constant, which shows no value (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
opaque certificate : (1 : Nat) = 2 := sorry

theorem foo : (1 : Nat) = 2 := certificate
