-- why: a tactic of its own assigns the goal something of another type (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Tactic

set_option debug.skipKernelTC true

elab "close" : tactic => do
  (← getMainGoal).assign (mkConst ``True.intro)

theorem foo : (1 : Nat) = 2 := by
  close
