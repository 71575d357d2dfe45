-- why: the preamble is written in another way, to the same effect (compiles: yes)
/-! statement
def clamp (n : Nat) : Nat := if n > 10 then 10 else n
theorem foo (n : Nat) : clamp n ≤ 10
-/
/-- No more than ten. -/
@[inline] def clamp (k : Nat) : Nat :=
  if k > 10
    then 10 -- the most
    else k

theorem foo (n : Nat) : clamp n ≤ 10 := by
  unfold clamp
  split <;> omega
