-- why: the statement holds a proof, found by a tactic (compiles: yes)
/-! statement
theorem foo (a : Array Nat) (h : 0 < a.size) : a[0] ∈ a
-/
theorem foo (a : Array Nat) (h : 0 < a.size) : a[0] ∈ a := Array.getElem_mem h
