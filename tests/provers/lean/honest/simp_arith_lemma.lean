-- why: a simp lemma of its own, by attribute and by list (compiles: yes)
/-! statement
def triple (n : Nat) : Nat := 3 * n
theorem foo (n : Nat) : triple (n + 1) = triple n + 3
-/
def triple (n : Nat) : Nat := 3 * n

@[simp] theorem triple_succ (n : Nat) : triple (n + 1) = triple n + 3 := by
  unfold triple
  omega

theorem foo (n : Nat) : triple (n + 1) = triple n + 3 := by
  simp
