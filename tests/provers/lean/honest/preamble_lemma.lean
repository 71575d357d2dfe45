-- why: the preamble has a proved lemma besides (compiles: yes)
/-! statement
theorem zero_add' (n : Nat) : 0 + n = n := Nat.zero_add n
theorem foo (a b : Nat) : 0 + a + (0 + b) = a + b
-/
theorem zero_add' (n : Nat) : 0 + n = n := by simp
theorem foo (a b : Nat) : 0 + a + (0 + b) = a + b := by
  rw [zero_add', zero_add']
