/-! # Where to begin

`neurosym project check` judges all theorems, `neurosym project prove` fills each `sorry`.
-/

namespace $name

/-- Twice a number. -/
def double (n : Nat) : Nat := n + n

theorem double_eq (n : Nat) : double n = 2 * n := by
  unfold double
  omega

theorem double_mod (n : Nat) : double n % 2 = 0 := by
  sorry

end $name
