-- why: two theorems prove each other (compiles: no)
/-! statement
theorem foo (n : Nat) : n < n
-/
mutual
theorem foo (n : Nat) : n < n := bar n
theorem bar (n : Nat) : n < n := foo n
end
