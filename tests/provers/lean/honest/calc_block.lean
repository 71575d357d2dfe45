-- why: a chain of equations with tactics (compiles: yes)
/-! statement
theorem foo (a b c : Nat) : (a + b) + c = (c + b) + a
-/
theorem foo (a b c : Nat) : (a + b) + c = (c + b) + a :=
  calc (a + b) + c
    _ = c + (a + b) := Nat.add_comm ..
    _ = c + (b + a) := by rw [Nat.add_comm a b]
    _ = (c + b) + a := (Nat.add_assoc c b a).symm
