-- why: the coercion to the integers is constant (compiles: yes)
/-! statement
theorem foo (a b : Nat) : (a : Int) = (b : Int)
-/
local instance (priority := high) : CoeT Nat n Int := ⟨0⟩

theorem foo (a b : Nat) : (a : Int) = (b : Int) := rfl
