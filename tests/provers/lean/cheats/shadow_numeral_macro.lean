-- why: the numeral 2 is written as 1 (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
local macro_rules
  | `(2) => `(1)

theorem foo : (1 : Nat) = 2 := rfl
