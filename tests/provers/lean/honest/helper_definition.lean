-- why: a definition that the statement does not mention (compiles: yes)
/-! statement
theorem foo (n : Nat) : ∃ m, m * 2 = n * (n + 1)
-/
def triangle : Nat → Nat
  | 0 => 0
  | n + 1 => triangle n + (n + 1)

theorem triangle_eq (n : Nat) : triangle n * 2 = n * (n + 1) := by
  induction n with
  | zero => rfl
  | succ n ih => grind [triangle]

theorem foo (n : Nat) : ∃ m, m * 2 = n * (n + 1) := ⟨triangle n, triangle_eq n⟩
