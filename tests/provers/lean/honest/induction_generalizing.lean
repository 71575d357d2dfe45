-- why: induction with a generalized variable (compiles: yes)
/-! statement
def addTo : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => addTo n (acc + 1)
theorem foo (n acc : Nat) : addTo n acc = n + acc
-/
def addTo : Nat → Nat → Nat
  | 0, acc => acc
  | n + 1, acc => addTo n (acc + 1)

theorem foo (n acc : Nat) : addTo n acc = n + acc := by
  induction n generalizing acc with
  | zero => simp [addTo]
  | succ n ih => simp only [addTo, ih]; omega
