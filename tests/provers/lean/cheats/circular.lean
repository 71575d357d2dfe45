-- why: the proof is the theorem itself (compiles: no)
/-! statement
theorem foo (n : Nat) : n < n
-/
theorem foo (n : Nat) : n < n := foo n
