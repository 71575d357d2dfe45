-- why: the axiom is wrapped in an opaque constant (compiles: yes)
/-! statement
theorem foo : (1 : Nat) = 2
-/
axiom base : (1 : Nat) = 2

opaque wrapped : PLift ((1 : Nat) = 2) := ⟨base⟩

theorem foo : (1 : Nat) = 2 := wrapped.down
