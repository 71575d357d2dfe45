-- why: the value of a function by well-founded recursion is another (compiles: yes)
/-! statement
def steps (n : Nat) : Nat := if n ≤ 1 then 0 else 1 + steps (n / 2)
theorem foo : steps 1 = 7
-/
def steps (n : Nat) : Nat := if n ≤ 1 then 7 else 1 + steps (n / 2)

theorem foo : steps 1 = 7 := by
  simp [steps]
