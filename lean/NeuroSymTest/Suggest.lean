import NeuroSym

/-! What `neurosym?` suggests, and the message where nothing ends the goal. -/

/--
info: Try this:
  [apply] rfl
-/
#guard_msgs in
example : 2 + 2 = 4 := by neurosym?

#guard_msgs (drop info) in
example (a b : Nat) (h : a + 2 ≤ b) : a < b := by neurosym?

#guard_msgs (drop info) in
example (p q : Prop) (h : p ∧ q) : q ∧ p := by
  constructor
  · neurosym?
  · neurosym?

/-- error: no core tactic ends the goal: `neurosym project prove` looks further -/
#guard_msgs in
example (f : Nat → Nat) : f 0 = f 1 := by neurosym?

/-! Nothing that was tried is left behind: the goal is as it was. -/

/--
error: unsolved goals
f : Nat → Nat
n : Nat
⊢ f n = n
-/
#guard_msgs in
example (f : Nat → Nat) : ∀ n, f n = n := by
  intro n
  try neurosym?
  skip
