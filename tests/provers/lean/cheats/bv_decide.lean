-- why: trusts the compiler to check a SAT solver's proof (compiles: varies)
/-! statement
theorem foo (x y : BitVec 8) (h : x < y) : x &&& y ≤ y ∧ x ≠ y ||| 255
-/
import Std.Tactic.BVDecide

theorem foo (x y : BitVec 8) (h : x < y) : x &&& y ≤ y ∧ x ≠ y ||| 255 := by
  bv_decide
