-- why: a theorem as the greatest fixpoint of itself (compiles: no)
/-! statement
theorem foo (n : Nat) : n < n
-/
theorem foo (n : Nat) : n < n := foo n
coinductive_fixpoint
