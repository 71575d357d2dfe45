-- why: the arguments stand after the colon (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b = b + a
-/
theorem foo : ∀ (a b : Nat), a + b = b + a := fun a b => Nat.add_comm a b
