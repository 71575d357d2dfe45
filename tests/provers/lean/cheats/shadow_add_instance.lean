-- why: `+` on the natural numbers is multiplication (compiles: yes)
/-! statement
theorem foo : (1 : Nat) + 0 = 0
-/
noncomputable def times : Add Nat := ⟨Nat.mul⟩
attribute [local instance] times

theorem foo : (1 : Nat) + 0 = 0 := rfl
