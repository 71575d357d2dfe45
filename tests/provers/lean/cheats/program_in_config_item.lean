-- why: an item of the configuration of a tactic is computed (compiles: varies)
/-! statement
theorem foo : 1 + 1 = 2
-/
def evil : Bool := dbgTrace "ran" fun _ => true
theorem foo : 1 + 1 = 2 := by simp (contextual := evil)
