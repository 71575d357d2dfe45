-- why: lines end in CR LF (compiles: yes)
/-! statement
def double (n : Nat) : Nat := 2 * n
theorem foo (n : Nat) : double n = n + n
-/
def double (n : Nat) : Nat := 2 * n

theorem foo (n : Nat) : double n = n + n := by
  unfold double
  omega
