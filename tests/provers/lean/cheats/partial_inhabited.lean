-- why: a partial proof whose type is said to be inhabited (compiles: no)
/-! statement
theorem foo (n : Nat) : n < n
-/
partial theorem foo (n : Nat) : n < n := foo n
