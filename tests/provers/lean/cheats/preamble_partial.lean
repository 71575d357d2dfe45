-- why: the function is partial, so its value is not known (compiles: yes)
/-! statement
def steps (n : Nat) : Nat := if n ≤ 1 then 0 else 1 + steps (n / 2)
theorem foo (n : Nat) : steps n = steps n + 0
-/
partial def steps (n : Nat) : Nat := if n ≤ 1 then 0 else 1 + steps (n / 2)

theorem foo (n : Nat) : steps n = steps n + 0 := rfl
