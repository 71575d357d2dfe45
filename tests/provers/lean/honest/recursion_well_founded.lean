-- why: a theorem that calls itself, with a measure (compiles: yes)
/-! statement
theorem foo (n : Nat) : n % 2 = 0 ∨ n % 2 = 1
-/
theorem foo (n : Nat) : n % 2 = 0 ∨ n % 2 = 1 :=
  if h : n < 2 then
    match n, h with
    | 0, _ => .inl rfl
    | 1, _ => .inr rfl
  else by
    have := foo (n - 2)
    omega
termination_by n
decreasing_by omega
