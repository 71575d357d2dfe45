-- why: the gap is in a `have`, all the rest is right (compiles: yes)
/-! statement
theorem foo (n : Nat) (h : 1 < n) : n * n = n + n
-/
theorem foo (n : Nat) (h : 1 < n) : n * n = n + n := by
  have two : n = 2 := by
    first
      | omega
      | sorry
  subst two
  rfl
