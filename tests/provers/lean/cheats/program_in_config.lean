-- why: the configuration of a tactic is computed, and so runs a program (compiles: varies)
/-! statement
theorem foo : True
-/
def evil : Lean.Meta.Simp.Config := dbgTrace "ran" fun _ => {}
theorem foo : True := by simp (config := evil)
