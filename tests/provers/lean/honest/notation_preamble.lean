-- why: the preamble has a notation, and both use it (compiles: yes)
/-! statement
def square (n : Nat) : Nat := n * n
notation "⟪" n "⟫" => square n
theorem foo (n : Nat) : ⟪n⟫ = n ^ 2
-/
def square (n : Nat) : Nat := n * n
notation "⟪" n "⟫" => square n

theorem foo (n : Nat) : ⟪n⟫ = n ^ 2 := by
  show n * n = n ^ 2
  rw [Nat.pow_two]
