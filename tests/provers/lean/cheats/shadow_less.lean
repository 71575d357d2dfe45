-- why: `<` is a notation for `≤` (compiles: yes)
/-! statement
theorem foo (a : Nat) : a < a
-/
local infix:50 (priority := high) " < " => Nat.le

theorem foo (a : Nat) : a < a := Nat.le_refl a
