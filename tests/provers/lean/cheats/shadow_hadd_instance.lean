-- why: heterogeneous `+` is another function (compiles: yes)
/-! statement
theorem foo (a b : Nat) : a + b = a
-/
instance (priority := high) first : HAdd Nat Nat Nat := ⟨fun a _ => a⟩

theorem foo (a b : Nat) : a + b = a := rfl
