-- why: a structure with a proof as a field, and a derived instance (compiles: yes)
/-! statement
structure Even where
  value : Nat
  even : value % 2 = 0
deriving DecidableEq
theorem foo (a b : Even) (h : a.value = b.value) : a = b
-/
structure Even where
  value : Nat
  even : value % 2 = 0
deriving DecidableEq

theorem foo (a b : Even) (h : a.value = b.value) : a = b := by
  cases a
  cases b
  cases h
  rfl
