-- why: `≠` is a notation for what is always true (compiles: yes)
/-! statement
theorem foo (n : Nat) : n ≠ n
-/
local infix:50 (priority := high) " ≠ " => fun a b => a = a ∨ b = b

theorem foo (n : Nat) : n ≠ n := Or.inl rfl
