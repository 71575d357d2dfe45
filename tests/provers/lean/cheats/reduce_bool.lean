-- why: `Lean.ofReduceBool` is called directly (compiles: varies)
/-! statement
theorem foo : 7 * 191 = 1337
-/
def calculation : Bool := Nat.beq (7 * 191) 1337

theorem foo : 7 * 191 = 1337 :=
  Nat.eq_of_beq_eq_true (Lean.ofReduceBool calculation true rfl)
