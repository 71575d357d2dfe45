-- why: a chain of several relations (compiles: yes)
/-! statement
theorem foo (a b c : Nat) (h : a < b) (h' : b ≤ c) : a < c + 1
-/
theorem foo (a b c : Nat) (h : a < b) (h' : b ≤ c) : a < c + 1 := by
  calc
    a < b := h
    _ ≤ c := h'
    _ < c + 1 := Nat.lt_succ_self c
