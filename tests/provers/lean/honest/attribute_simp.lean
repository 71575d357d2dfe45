-- why: attributes and modifiers (compiles: yes)
/-! statement
theorem Mine.foo (n : Nat) : n - n = 0
-/
@[simp, deprecated "use the library" (since := "2026-01-01")] protected theorem Mine.foo (n : Nat) : n - n = 0 := Nat.sub_self n
