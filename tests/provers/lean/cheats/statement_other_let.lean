-- why: the `let` in the statement has another value (compiles: yes)
/-! statement
theorem foo : let x := 3; x * x = 16
-/
theorem foo : let x := 4; x * x = 16 := rfl
