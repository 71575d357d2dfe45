-- why: a name with primes and marks (compiles: yes)
/-! statement
theorem foo'_iff! (p : Prop) : p ↔ p
-/
theorem foo'_iff! (p : Prop) : p ↔ p := Iff.rfl
