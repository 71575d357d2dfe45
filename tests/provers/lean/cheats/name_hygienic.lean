-- why: a macro writes the name, which makes it another (compiles: yes)
/-! statement
theorem foo (n : Nat) : n + 0 = n
-/
macro "state" : command => `(theorem foo (n : Nat) : n + 0 = n := rfl)

state
