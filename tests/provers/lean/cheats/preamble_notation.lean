-- why: the notation of the statement stands for something else (compiles: yes)
/-! statement
def square (n : Nat) : Nat := n * n
notation "⟪" n "⟫" => square n
theorem foo (n : Nat) : ⟪n⟫ = n
-/
def square (n : Nat) : Nat := n * n
notation "⟪" n "⟫" => id n

theorem foo (n : Nat) : ⟪n⟫ = n := rfl
