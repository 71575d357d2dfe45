-- why: two theorems of one name (compiles: no)
/-! statement
theorem foo (n : Nat) : n * 0 = n
-/
theorem foo (n : Nat) : n + 0 = n := rfl
theorem foo (n : Nat) : n * 0 = n := foo n
