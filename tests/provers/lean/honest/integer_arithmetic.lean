-- why: integers with casts (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : (a : Int) - b = 3) : a = b + 3
-/
theorem foo (a b : Nat) (h : (a : Int) - b = 3) : a = b + 3 := by
  have : (a : Int) = b + 3 := by omega
  exact_mod_cast this
