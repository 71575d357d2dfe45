-- why: the gap is in an instance that is found by itself (compiles: yes)
/-! statement
theorem foo (n : Nat) : n = 0
-/
class Small (n : Nat) : Prop where
  out : n = 0

instance (n : Nat) : Small n := ⟨sorry⟩

theorem foo (n : Nat) : n = 0 := Small.out
