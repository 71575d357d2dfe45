-- why: the numeral 2 is the number 1 (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
attribute [-instance] instOfNatNat in
theorem unrelated : True := trivial

local instance two : OfNat Nat 2 := ⟨Nat.succ Nat.zero⟩
local instance one : OfNat Nat 1 := ⟨Nat.succ Nat.zero⟩

theorem foo : (1 : Nat) = 2 := rfl
