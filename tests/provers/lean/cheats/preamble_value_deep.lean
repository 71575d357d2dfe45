-- why: a function that the statement's function calls has another value (compiles: yes)
/-! statement
def factor : Nat := 2
def scale (n : Nat) : Nat := factor * n
theorem foo (n : Nat) : scale n = n
-/
def factor : Nat := 1
def scale (n : Nat) : Nat := factor * n

theorem foo (n : Nat) : scale n = n := by
  simp [scale, factor]
