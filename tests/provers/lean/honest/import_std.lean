-- why: imports the standard library, after a comment (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : compare a b = .lt) : a < b
-/
/- The header. -/
import Std

theorem foo (a b : Nat) (h : compare a b = .lt) : a < b := Nat.compare_eq_lt.mp h
