-- why: equality of functions (compiles: yes)
/-! statement
theorem foo : (fun n : Nat => n + 0) = id
-/
theorem foo : (fun n : Nat => n + 0) = id := by
  funext n
  rfl
