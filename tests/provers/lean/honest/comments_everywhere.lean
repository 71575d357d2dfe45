-- why: comments in odd places, nested too (compiles: yes)
/-! statement
theorem foo (n : Nat) : n ≤ 2 * n
-/
/- a comment /- in a comment -/ sorry -/
theorem -- the name
  foo /- its argument -/ (n : Nat) -- and
  : /- the claim -/ n ≤ /- twice -/ 2 * n := by -- run_cmd
  -- axiom
  omega /- #exit -/
