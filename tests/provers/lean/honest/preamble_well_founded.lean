-- why: a function by well-founded recursion (compiles: yes)
/-! statement
def steps (n : Nat) : Nat := if n ≤ 1 then 0 else 1 + steps (n / 2)
theorem foo : steps 8 = 3
-/
def steps (n : Nat) : Nat := if n ≤ 1 then 0 else 1 + steps (n / 2)

theorem foo : steps 8 = 3 := by
  simp [steps]
