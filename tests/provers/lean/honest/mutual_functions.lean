-- why: two functions by mutual recursion in the preamble (compiles: yes)
/-! statement
mutual
def even : Nat → Bool
  | 0 => true
  | n + 1 => odd n
def odd : Nat → Bool
  | 0 => false
  | n + 1 => even n
end
theorem foo (n : Nat) : (even n || odd n) = true
-/
mutual
def even : Nat → Bool
  | 0 => true
  | n + 1 => odd n
def odd : Nat → Bool
  | 0 => false
  | n + 1 => even n
end

theorem foo (n : Nat) : (even n || odd n) = true := by
  induction n with
  | zero => simp [even]
  | succ n ih =>
    simp only [even, odd]
    rw [Bool.or_comm]
    exact ih
