import NeuroSym.Compat

/-! Each tactic and notation of the prelude: what it proves, and the message where it must fail. -/

/-! ## Notation and header -/

/-- info: ∀ (n : ℕ), ∃ z q, z = ↑n ∧ q = ↑z : Prop -/
#guard_msgs in
#check ∀ n : ℕ, ∃ z : ℤ, ∃ q : ℚ, z = n ∧ q = z

#guard_msgs in
open BigOperators Real Nat Topology Rat in
lemma opened (x y : ℤ) (h : x * y = 1) : y * x = 1 := by rw [mul_comm]; exact h

/--
error: Unknown identifier `Mathlib.needed_for_real_numbers✝`
---
error: Unknown identifier `Mathlib.needed_for_real_numbers✝`
-/
#guard_msgs in
theorem real (f : ℝ → ℝ) (h : ∀ x, f x = x) : f = id := by funext x; exact h x

/-! ## `linarith` -/

#guard_msgs in
example (x : ℚ) (h : x / 4 = 12) : x = 48 := by linarith

#guard_msgs in
example (x y : ℤ) (h : x < y) (k : y ≤ 3) : 2 * x < 6 := by linarith [h, k]

/--
error: `linarith` of NeuroSym.Compat: neither `omega` nor `grind` closes the goal
x : ℚ
⊢ x < x
-/
#guard_msgs in
example (x : ℚ) : x < x := by linarith

/-! ## `nlinarith` -/

#guard_msgs in
example (a b : ℤ) : 2 * a * b ≤ a ^ 2 + b ^ 2 := by nlinarith [sq_nonneg (a - b)]

#guard_msgs in
example (a b c : ℚ) : a * b + b * c + c * a ≤ a ^ 2 + b ^ 2 + c ^ 2 := by nlinarith

#guard_msgs in
example (a b : ℚ) (ha : 1 ≤ a) (hb : 1 ≤ b) : a + b ≤ a * b + 1 := by nlinarith

#guard_msgs in
example (a b : ℤ) (ha : 1 ≤ a) (hb : 1 ≤ b) : a + b ≤ a * b + 1 := by
  nlinarith [mul_nonneg (sub_nonneg.mpr ha) (sub_nonneg.mpr hb)]

/--
error: `nlinarith` of NeuroSym.Compat: `grind` closes the goal from no products it tried
x : ℚ
⊢ 0 < x * x
-/
#guard_msgs in
example (x : ℚ) : 0 < x * x := by nlinarith

/-! ## `ring` and `ring_nf` -/

#guard_msgs in
example (x y : ℤ) : (x + y) ^ 3 = x ^ 3 + 3 * x ^ 2 * y + 3 * x * y ^ 2 + y ^ 3 := by ring

#guard_msgs in
example (x y : ℚ) : (x + y) / 2 - (x - y) / 2 = y := by ring

/--
error: `ring` of NeuroSym.Compat: neither `grobner` nor `grind` closes the goal
x : ℤ
⊢ x * 2 = x * 3
-/
#guard_msgs in
example (x : ℤ) : x * 2 = x * 3 := by ring

#guard_msgs in
example (x y : ℤ) (h : x + x + y = 3) : 2 * x + y = 3 := by
  ring_nf at h ⊢
  linarith

/--
error: unsolved goals
x y : ℚ
⊢ x * y = y
-/
#guard_msgs in
example (x y : ℚ) : x * y = y := by ring_nf

/-! ## `norm_num` -/

#guard_msgs in
example : (1 : ℚ) / 2 + 1 / 3 = 5 / 6 := by norm_num

#guard_msgs in
example (x : ℤ) (h : x + 0 = 3 * 1) : x = 3 := by
  norm_num at h
  linarith

#guard_msgs in
example (x y : ℚ) (h : x = 1 / 3) (k : y = 2) : x + 1 / 6 = 1 / y := by norm_num [h, k]

/--
error: unsolved goals
x : ℤ
⊢ x = x + 1
-/
#guard_msgs in
example (x : ℤ) : x + 0 = x + 1 := by norm_num

/--
error: `norm_num` of NeuroSym.Compat: `simp` changes nothing, `omega` and `grind` fail
⊢ 1 / 2 + 1 / 3 = 2 / 5
-/
#guard_msgs in
example : (1 : ℚ) / 2 + 1 / 3 = 2 / 5 := by norm_num

/-! ## `positivity` -/

#guard_msgs in
example (a b : ℚ) (ha : 0 < a) : 0 < a * b ^ 2 + 1 := by positivity

#guard_msgs in
example (a b : ℤ) (ha : 0 ≤ a) : 0 ≤ a * b ^ 4 + 3 * (a + 1) := by positivity

#guard_msgs in
example (a : ℕ) : a * a + 2 ≠ 0 := by positivity

#guard_msgs in
example (a b : ℚ) (ha : 0 < a) (hb : 0 ≤ b) : 0 ≤ b / a := by positivity

/--
error: `positivity` of NeuroSym.Compat: the signs of the parts do not decide the goal
x : ℤ
⊢ 0 < x ^ 2
-/
#guard_msgs in
example (x : ℤ) : 0 < x ^ 2 := by positivity

/-! ## `field_simp` -/

#guard_msgs in
example (a b c : ℚ) (hb : b ≠ 0) (hc : c ≠ 0) :
    a / b + 1 / c = (a * c + b) / (b * c) := by
  field_simp

#guard_msgs in
example (a b : ℚ) (hb : 0 < b) (h : a / b ≤ 3) : a ≤ 3 * b := by
  field_simp at h
  linarith

/--
error: unsolved goals
a b : ℚ
⊢ a * b / b = a
-/
#guard_msgs in
example (a b : ℚ) : a / b * b = a := by field_simp

/-! ## Logic: `push_neg`, `by_contra`, `use`, `tauto` -/

#guard_msgs in
example (p : ℕ → Prop) (h : ¬∀ x, p x) : ∃ x, ¬p x := by
  push_neg at h
  exact h

#guard_msgs in
example (x : ℕ) : x < x + 1 := by
  by_contra h
  omega

#guard_msgs in
example (x : ℤ) : x < x + 1 := by
  by_contra! h
  linarith

#guard_msgs in
example : ∃ x y : ℕ, x + y = 5 ∧ x < y := by use 2, 3

/--
error: unsolved goals
⊢ 1 + 3 = 5
-/
#guard_msgs in
example : ∃ x y : ℕ, x + y = 5 := by use 1, 3

#guard_msgs in
example (p q : Prop) (h : p) : p ∨ q := by tauto

/--
error: `tauto` of NeuroSym.Compat: `grind` does not close the goal
p q : Prop
h : p
⊢ p ∧ q
-/
#guard_msgs in
example (p q : Prop) (h : p) : p ∧ q := by tauto

/-! ## Lemmas -/

#guard_msgs in
example (a b : ℚ) (h : 0 < b) (k : a ≤ 3 * b) : a / b ≤ 3 := (div_le_iff₀ h).mpr k

#guard_msgs in
example (x : ℤ) (h : 0 < x) : 0 < x ^ 5 := pow_pos h 5
