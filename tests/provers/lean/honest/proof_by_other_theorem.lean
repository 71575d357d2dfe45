-- why: the theorem restates one in the same file under its name (compiles: yes)
/-! statement
theorem foo (a b : Nat) (h : a ≤ b) : ∃ c, b = a + c
-/
theorem main (a b : Nat) (h : a ≤ b) : ∃ c, b = a + c := ⟨b - a, by omega⟩

theorem foo : type_of% @main := @main
