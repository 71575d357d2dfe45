-- why: functions as fields and pipes (compiles: yes)
/-! statement
theorem foo (l : List Nat) : (l.map fun x => x + 1).length = l.length
-/
theorem foo (l : List Nat) : (List.map (· + 1) l |>.length) = List.length l := by
  simp
