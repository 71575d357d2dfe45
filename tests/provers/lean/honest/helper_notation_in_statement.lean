-- why: the statement in the code uses a notation of its own for the same term (compiles: yes)
/-! statement
theorem foo (n : Nat) : 2 * n = n + n
-/
local notation "twice" n => 2 * n

theorem foo (n : Nat) : (twice n) = n + n := Nat.two_mul n
