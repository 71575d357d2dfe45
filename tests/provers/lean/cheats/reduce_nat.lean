-- why: `Lean.ofReduceNat` is called directly (compiles: varies)
/-! statement
theorem foo : 7 * 191 = 1337
-/
def calculation : Nat := 7 * 191

theorem foo : 7 * 191 = 1337 := Lean.ofReduceNat calculation 1337 rfl
