-- why: `<` on the natural numbers is another instance (compiles: yes)
/-! statement
theorem foo (a : Nat) : a < a
-/
local instance : LT Nat := ⟨Nat.le⟩

theorem foo (a : Nat) : a < a := Nat.le_refl a
