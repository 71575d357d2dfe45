-- why: a proof as the least fixpoint of an equation (compiles: no)
/-! statement
theorem foo (n : Nat) : n < n
-/
theorem foo (n : Nat) : n < n := foo n
partial_fixpoint
