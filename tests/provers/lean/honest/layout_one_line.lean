-- why: several commands on one line (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 1 ≠ 0
-/
section open Nat theorem aid (n : Nat) : n + 1 ≠ 0 := succ_ne_zero n end theorem foo (n : Nat) : n + 1 ≠ 0 := aid n