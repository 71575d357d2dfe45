-- why: imports what is there anyhow (compiles: yes)
/-! statement
theorem foo (a : Nat) : a = a
-/
import Init

theorem foo (a : Nat) : a = a := rfl
