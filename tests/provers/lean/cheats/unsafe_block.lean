-- why: `unsafe` in a term, which wraps it in an opaque constant (compiles: no)
/-! statement
theorem foo : ∃ n : Nat, n < 0
-/
def witness : { n : Nat // n < 0 } := unsafe unsafeCast (0 : Nat)

theorem foo : ∃ n : Nat, n < 0 := ⟨witness.1, witness.2⟩
