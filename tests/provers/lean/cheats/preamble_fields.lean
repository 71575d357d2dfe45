-- why: the fields of the structure are in another order (compiles: yes)
/-! statement
structure Span where
  low : Nat
  high : Nat
theorem foo : (Span.mk 1 2).high = 1
-/
structure Span where
  high : Nat
  low : Nat

theorem foo : (Span.mk 1 2).high = 1 := rfl
