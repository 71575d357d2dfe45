-- why: arrays (compiles: yes)
/-! statement
theorem foo (a : Array Nat) (x : Nat) : (a.push x).size = a.size + 1
-/
theorem foo (a : Array Nat) (x : Nat) : (a.push x).size = a.size + 1 := Array.size_push x
