module

/-!
# A prelude for files without Mathlib

Language models write Lean for Mathlib. This module gives core Lean the notation `ℕ ℤ ℚ`, the
names of Mathlib's arithmetic tactics, and a few of its lemmas, so that a statement about `Nat`,
`Int` and `Rat` and its proof often check as they stand.

The tactics are *not* Mathlib's: each is a macro over core tactics (`simp`, `omega`, `grind`,
`decide`) and its documentation says which. They may prove more than Mathlib's (`ring` may use
hypotheses) or less (`norm_num` knows no primes). Nothing here is an axiom, so the kernel checks
what they prove like anything else.

For files without Mathlib only: with Mathlib beside it, notation and tactic names are ambiguous.
The lemmas live in the namespace `NeuroSym` and their short names are aliases, so these never
clash.
-/

-- Some interpreters cannot find a closed term that was lifted out of a macro.
set_option compiler.extract_closed false

set_option linter.unusedSectionVars false

public section

/-! Namespaces that Mathlib headers open (`open BigOperators Real Nat Topology Rat`). Empty. -/

namespace BigOperators end BigOperators
namespace Finset end Finset
namespace Polynomial end Polynomial
namespace Real end Real
namespace Topology end Topology

/-- The natural numbers. -/
notation "ℕ" => Nat
/-- The integers. -/
notation "ℤ" => Int
/-- The rational numbers, from core Lean. -/
notation "ℚ" => Rat

/-- There are no real numbers here. Without this, Lean would take an unknown `ℝ` for an implicit
variable, and a statement about the reals for one about any type. -/
macro "ℝ" : term => `(Mathlib.needed_for_real_numbers)
/-- There are no complex numbers here; see `ℝ`. -/
macro "ℂ" : term => `(Mathlib.needed_for_complex_numbers)

/-- `lemma` is `theorem`. -/
syntax (name := lemmaCommand) declModifiers "lemma " declId ppIndent(declSig) declVal : command
macro_rules
  | `($mods:declModifiers lemma $name $sig $val) =>
    `($mods:declModifiers theorem $name $sig $val)

namespace NeuroSym

/-! ## Lemmas by Mathlib's names -/

section semiring
variable {R : Type u} [Lean.Grind.CommSemiring R]

theorem add_comm (a b : R) : a + b = b + a := Lean.Grind.Semiring.add_comm a b
theorem add_assoc (a b c : R) : a + b + c = a + (b + c) := Lean.Grind.Semiring.add_assoc a b c
theorem add_zero (a : R) : a + 0 = a := Lean.Grind.Semiring.add_zero a
theorem zero_add (a : R) : 0 + a = a := by grind
theorem mul_comm (a b : R) : a * b = b * a := Lean.Grind.CommSemiring.mul_comm a b
theorem mul_assoc (a b c : R) : a * b * c = a * (b * c) := Lean.Grind.Semiring.mul_assoc a b c
theorem mul_left_comm (a b c : R) : a * (b * c) = b * (a * c) := by grind
theorem mul_one (a : R) : a * 1 = a := Lean.Grind.Semiring.mul_one a
theorem one_mul (a : R) : 1 * a = a := Lean.Grind.Semiring.one_mul a
theorem mul_zero (a : R) : a * 0 = 0 := Lean.Grind.Semiring.mul_zero a
theorem zero_mul (a : R) : 0 * a = 0 := Lean.Grind.Semiring.zero_mul a
theorem mul_add (a b c : R) : a * (b + c) = a * b + a * c :=
  Lean.Grind.Semiring.left_distrib a b c
theorem add_mul (a b c : R) : (a + b) * c = a * c + b * c :=
  Lean.Grind.Semiring.right_distrib a b c
theorem two_mul (a : R) : 2 * a = a + a := by grind
theorem pow_two (a : R) : a ^ 2 = a * a := by grind
theorem sq (a : R) : a ^ 2 = a * a := by grind
theorem pow_zero (a : R) : a ^ 0 = 1 := Lean.Grind.Semiring.pow_zero a
theorem pow_one (a : R) : a ^ 1 = a := by grind
theorem pow_succ (a : R) (n : Nat) : a ^ (n + 1) = a ^ n * a := Lean.Grind.Semiring.pow_succ a n
theorem add_sq (a b : R) : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by grind

end semiring

section ring
variable {R : Type u} [Lean.Grind.CommRing R]

theorem sub_self (a : R) : a - a = 0 := by grind
theorem sub_eq_add_neg (a b : R) : a - b = a + -b := by grind
theorem mul_sub (a b c : R) : a * (b - c) = a * b - a * c := by grind
theorem sub_mul (a b c : R) : (a - b) * c = a * c - b * c := by grind
theorem sub_sq (a b : R) : (a - b) ^ 2 = a ^ 2 - 2 * a * b + b ^ 2 := by grind
theorem sq_sub_sq (a b : R) : a ^ 2 - b ^ 2 = (a + b) * (a - b) := by grind
theorem sub_eq_zero {a b : R} : a - b = 0 ↔ a = b := by grind

end ring

section order
variable {R : Type u} [LE R] [LT R] [Std.IsLinearOrder R] [Std.LawfulOrderLT R] {a b c : R}

theorem le_refl (a : R) : a ≤ a := Std.le_refl a
theorem lt_irrefl (a : R) : ¬a < a := by grind
theorem le_trans (h : a ≤ b) (k : b ≤ c) : a ≤ c := Std.le_trans h k
theorem lt_trans (h : a < b) (k : b < c) : a < c := Std.lt_trans h k
theorem lt_of_le_of_lt (h : a ≤ b) (k : b < c) : a < c := Std.lt_of_le_of_lt h k
theorem lt_of_lt_of_le (h : a < b) (k : b ≤ c) : a < c := Std.lt_of_lt_of_le h k
theorem le_of_lt (h : a < b) : a ≤ b := Std.le_of_lt h
theorem le_antisymm (h : a ≤ b) (k : b ≤ a) : a = b := Std.le_antisymm h k
theorem not_le : ¬a ≤ b ↔ b < a := Std.not_le
theorem not_lt : ¬a < b ↔ b ≤ a := Std.not_lt
theorem le_total (a b : R) : a ≤ b ∨ b ≤ a := Std.le_total
theorem ne_of_gt (h : b < a) : a ≠ b := by grind
theorem ne_of_lt (h : a < b) : a ≠ b := by grind

end order

section orderedRing
variable {R : Type u} [Lean.Grind.CommRing R] [LE R] [LT R] [Std.IsLinearOrder R]
  [Std.LawfulOrderLT R] [Lean.Grind.OrderedRing R] {a b c d : R}

theorem mul_nonneg (h : 0 ≤ a) (k : 0 ≤ b) : 0 ≤ a * b := Lean.Grind.OrderedRing.mul_nonneg h k
theorem mul_pos (h : 0 < a) (k : 0 < b) : 0 < a * b := Lean.Grind.OrderedRing.mul_pos h k
theorem sq_nonneg (a : R) : 0 ≤ a ^ 2 := Lean.Grind.OrderedRing.sq_nonneg
theorem mul_self_nonneg (a : R) : 0 ≤ a * a := pow_two a ▸ sq_nonneg a
theorem add_nonneg (h : 0 ≤ a) (k : 0 ≤ b) : 0 ≤ a + b := by grind
theorem add_pos (h : 0 < a) (k : 0 < b) : 0 < a + b := by grind
theorem add_pos_of_pos_of_nonneg (h : 0 < a) (k : 0 ≤ b) : 0 < a + b := by grind
theorem add_pos_of_nonneg_of_pos (h : 0 ≤ a) (k : 0 < b) : 0 < a + b := by grind
theorem add_le_add (h : a ≤ b) (k : c ≤ d) : a + c ≤ b + d := by grind
theorem sub_nonneg : 0 ≤ a - b ↔ b ≤ a := by grind
theorem sub_pos : 0 < a - b ↔ b < a := by grind
theorem sub_nonneg_of_le (h : b ≤ a) : 0 ≤ a - b := by grind
theorem sub_pos_of_lt (h : b < a) : 0 < a - b := by grind
theorem mul_le_mul_of_nonneg_left (h : b ≤ c) (k : 0 ≤ a) : a * b ≤ a * c := by
  have := mul_nonneg k (sub_nonneg_of_le h)
  grind
theorem mul_le_mul_of_nonneg_right (h : b ≤ c) (k : 0 ≤ a) : b * a ≤ c * a := by
  have := mul_nonneg k (sub_nonneg_of_le h)
  grind
theorem zero_lt_one : (0 : R) < 1 := Lean.Grind.OrderedRing.zero_lt_one
theorem pow_nonneg (h : 0 ≤ a) : (n : Nat) → 0 ≤ a ^ n
  | 0 => by rw [pow_zero]; exact le_of_lt zero_lt_one
  | n + 1 => by rw [pow_succ]; exact mul_nonneg (pow_nonneg h n) h
theorem pow_pos (h : 0 < a) : (n : Nat) → 0 < a ^ n
  | 0 => by rw [pow_zero]; exact zero_lt_one
  | n + 1 => by rw [pow_succ]; exact mul_pos (pow_pos h n) h
theorem sq_pos_of_ne (h : a ≠ 0) : 0 < a ^ 2 := by
  have := sq_nonneg a
  rcases le_total a 0 with k | k
  · have := mul_pos (a := -a) (b := -a) (by grind) (by grind)
    grind
  · have := mul_pos (a := a) (b := a) (by grind) (by grind)
    grind
theorem pow_two_mul_nonneg (a : R) : (n : Nat) → 0 ≤ a ^ (2 * n)
  | 0 => by rw [Nat.mul_zero, pow_zero]; exact le_of_lt zero_lt_one
  | n + 1 => by
    have := mul_nonneg (pow_two_mul_nonneg a n) (sq_nonneg a)
    grind
theorem even_pow_nonneg (a : R) {n : Nat} (h : n % 2 = 0) : 0 ≤ a ^ n := by
  have := pow_two_mul_nonneg a (n / 2)
  rwa [show 2 * (n / 2) = n by omega] at this

end orderedRing

section rational
variable {a b c d : Rat}

theorem product_eq_zero : a * b = 0 ↔ a = 0 ∨ b = 0 := Rat.mul_eq_zero
theorem product_ne_zero (h : a ≠ 0) (k : b ≠ 0) : a * b ≠ 0 := fun e =>
  (product_eq_zero.mp e).elim h k

theorem inv_pos_of_pos (h : 0 < a) : 0 < a⁻¹ := Rat.inv_pos.mpr h
theorem inv_nonneg_of_nonneg (h : 0 ≤ a) : 0 ≤ a⁻¹ := by
  by_cases k : a = 0
  · grind
  · exact le_of_lt (Rat.inv_pos.mpr (by grind))
theorem div_pos (h : 0 < a) (k : 0 < b) : 0 < a / b :=
  Rat.div_def a b ▸ mul_pos h (inv_pos_of_pos k)
theorem div_nonneg (h : 0 ≤ a) (k : 0 ≤ b) : 0 ≤ a / b :=
  Rat.div_def a b ▸ mul_nonneg h (inv_nonneg_of_nonneg k)
theorem div_self (h : a ≠ 0) : a / a = 1 := by grind
theorem one_div (a : Rat) : 1 / a = a⁻¹ := by grind
theorem div_one (a : Rat) : a / 1 = a := by grind
theorem mul_inv_cancel₀ (h : a ≠ 0) : a * a⁻¹ = 1 := by grind
theorem mul_div_assoc' (a b c : Rat) : a * (b / c) = a * b / c := by grind
theorem div_mul_eq_mul_div (a b c : Rat) : a / b * c = a * c / b := by grind
theorem div_div_of_ne (hb : b ≠ 0) (hc : c ≠ 0) : a / b / c = a / (b * c) := by
  have := product_ne_zero hb hc
  grind
theorem div_div_div_of_ne (hb : b ≠ 0) (hc : c ≠ 0) : a / (b / c) = a * c / b := by
  have : b / c ≠ 0 := by grind
  grind
theorem div_add_div (a c : Rat) (hb : b ≠ 0) (hd : d ≠ 0) :
    a / b + c / d = (a * d + b * c) / (b * d) := by
  have := product_ne_zero hb hd
  grind
theorem div_sub_div (a c : Rat) (hb : b ≠ 0) (hd : d ≠ 0) :
    a / b - c / d = (a * d - b * c) / (b * d) := by
  have := product_ne_zero hb hd
  grind
theorem div_add_of_ne (a c : Rat) (hb : b ≠ 0) : a / b + c = (a + c * b) / b := by grind
theorem add_div_of_ne (a c : Rat) (hb : b ≠ 0) : c + a / b = (c * b + a) / b := by grind
theorem div_sub_of_ne (a c : Rat) (hb : b ≠ 0) : a / b - c = (a - c * b) / b := by grind
theorem sub_div_of_ne (a c : Rat) (hb : b ≠ 0) : c - a / b = (c * b - a) / b := by grind
theorem neg_div_of (a b : Rat) : -(a / b) = -a / b := by grind
theorem div_eq_iff (h : b ≠ 0) : a / b = c ↔ a = c * b := by grind
theorem eq_div_iff (h : b ≠ 0) : c = a / b ↔ c * b = a := by grind
theorem div_eq_div_iff (hb : b ≠ 0) (hd : d ≠ 0) : a / b = c / d ↔ a * d = c * b := by
  have := product_ne_zero hb hd
  constructor <;> intro h <;> grind
theorem lt_div_iff₀ (h : 0 < c) : a < b / c ↔ a * c < b := Rat.lt_div_iff h
theorem div_lt_iff₀ (h : 0 < b) : a / b < c ↔ a < c * b := Rat.div_lt_iff h
theorem le_div_iff₀ (h : 0 < c) : a ≤ b / c ↔ a * c ≤ b := by
  have := @Rat.div_lt_iff b c a h
  grind
theorem div_le_iff₀ (h : 0 < b) : a / b ≤ c ↔ a ≤ c * b := by
  have := @Rat.lt_div_iff c a b h
  grind

end rational

/-! What `nlinarith` instantiates: squares of sums, and products of two inequalities. -/

namespace Nlinarith

theorem squareInt (a b : Int) : 0 ≤ (a - b) * (a - b) ∧ 0 ≤ (a + b) * (a + b) :=
  ⟨mul_self_nonneg _, mul_self_nonneg _⟩
theorem squareRat (a b : Rat) : 0 ≤ (a - b) * (a - b) ∧ 0 ≤ (a + b) * (a + b) :=
  ⟨mul_self_nonneg _, mul_self_nonneg _⟩
theorem evenInt (a : Int) : 0 ≤ a ^ 2 := sq_nonneg a
theorem evenRat (a : Rat) : 0 ≤ a ^ 2 := sq_nonneg a
theorem productInt {a b c d : Int} (h : a ≤ b) (k : c ≤ d) : 0 ≤ (b - a) * (d - c) :=
  mul_nonneg (sub_nonneg_of_le h) (sub_nonneg_of_le k)
theorem productRat {a b c d : Rat} (h : a ≤ b) (k : c ≤ d) : 0 ≤ (b - a) * (d - c) :=
  mul_nonneg (sub_nonneg_of_le h) (sub_nonneg_of_le k)
theorem strictRat {a b c d : Rat} (h : a < b) (k : c < d) : 0 < (b - a) * (d - c) :=
  mul_pos (sub_pos_of_lt h) (sub_pos_of_lt k)
theorem mixedRat {a b c d : Rat} (h : a < b) (k : c ≤ d) : 0 ≤ (b - a) * (d - c) :=
  productRat (le_of_lt h) k

scoped grind_pattern squareInt => a * b
scoped grind_pattern squareRat => a * b
scoped grind_pattern evenInt => a ^ 2
scoped grind_pattern evenRat => a ^ 2

end Nlinarith

end NeuroSym

export NeuroSym (add_comm add_assoc add_zero zero_add mul_comm mul_assoc mul_left_comm mul_one
  one_mul mul_zero zero_mul mul_add add_mul two_mul pow_two sq pow_zero pow_one pow_succ add_sq
  sub_self sub_eq_add_neg mul_sub sub_mul sub_sq sq_sub_sq sub_eq_zero le_refl lt_irrefl le_trans
  lt_trans lt_of_le_of_lt lt_of_lt_of_le le_of_lt le_antisymm not_le not_lt le_total ne_of_gt
  ne_of_lt mul_nonneg mul_pos sq_nonneg mul_self_nonneg add_nonneg add_pos
  add_pos_of_pos_of_nonneg add_pos_of_nonneg_of_pos add_le_add sub_nonneg sub_pos
  mul_le_mul_of_nonneg_left mul_le_mul_of_nonneg_right zero_lt_one pow_nonneg pow_pos div_pos
  div_nonneg div_self one_div div_one mul_inv_cancel₀ mul_div_assoc' div_mul_eq_mul_div div_add_div
  div_sub_div div_eq_iff eq_div_iff div_eq_div_iff lt_div_iff₀ div_lt_iff₀ le_div_iff₀ div_le_iff₀)

/-! ## Tactics by Mathlib's names

Those that close goals (`linarith`, `nlinarith`, `ring`, `positivity`) accept that no goal is left:
the simplifying ones may already have closed what Mathlib's leave open.
-/

open Lean.Parser.Tactic

/-- Terms between brackets, by recursion: an interpreter that lacks `Array.append` can read them. -/
declare_syntax_cat neurosym_terms
syntax term : neurosym_terms
syntax term "," : neurosym_terms
syntax term ", " neurosym_terms : neurosym_terms

/-- Each term becomes a hypothesis. -/
syntax (name := assumeTerms) "assume_terms " neurosym_terms : tactic
macro_rules
  | `(tactic| assume_terms $t:term) => `(tactic| have := $t)
  | `(tactic| assume_terms $t:term,) => `(tactic| have := $t)
  | `(tactic| assume_terms $t:term, $ts:neurosym_terms) =>
    `(tactic| (have := $t; assume_terms $ts:neurosym_terms))

/-- `linarith` here is `omega`, then `grind`: linear arithmetic over `Nat`, `Int` and `Rat` from
the hypotheses and the terms in brackets, which become hypotheses. Not Mathlib's. -/
syntax (name := linarithTactic) "linarith" (" [" neurosym_terms "]")? : tactic
macro_rules
  | `(tactic| linarith) => `(tactic| first
      | done
      | omega
      | grind
      | fail "`linarith` of NeuroSym.Compat: neither `omega` nor `grind` closes the goal")
  | `(tactic| linarith [$ts:neurosym_terms]) =>
    `(tactic| (assume_terms $ts:neurosym_terms; linarith))

/-- `nlinarith` here is `linarith`, then `grind` with products of pairs of inequalities and squares
of sums and differences of factors. The terms in brackets become hypotheses. Not Mathlib's. -/
syntax (name := nlinarithTactic) "nlinarith" (" [" neurosym_terms "]")? : tactic
macro_rules
  | `(tactic| nlinarith) => `(tactic| first
      | done
      | omega
      | grind
      | (open NeuroSym.Nlinarith in grind (gen := 2) (splits := 3))
      | (first
         | refine Int.not_lt.mp fun _ => ?_
         | refine Int.not_le.mp fun _ => ?_
         | refine Rat.not_lt.mp fun _ => ?_
         | refine Rat.not_le.mp fun _ => ?_
         | skip
         open NeuroSym.Nlinarith in
         grind (gen := 2) (splits := 3) [→ NeuroSym.Nlinarith.productInt,
           → NeuroSym.Nlinarith.productRat, → NeuroSym.Nlinarith.strictRat,
           → NeuroSym.Nlinarith.mixedRat])
      | fail "`nlinarith` of NeuroSym.Compat: `grind` closes the goal from no products it tried")
  | `(tactic| nlinarith [$ts:neurosym_terms]) =>
    `(tactic| (assume_terms $ts:neurosym_terms; nlinarith))

/-- `ring` here is `grobner`, then `grind`: equations of commutative (semi)rings. It may use
hypotheses, which Mathlib's does not. -/
macro "ring" : tactic => `(tactic| first
  | done
  | rfl
  | grobner
  | grind
  | fail "`ring` of NeuroSym.Compat: neither `grobner` nor `grind` closes the goal")

/-- `ring_nf` here closes an equation that `ring` proves; else it is `simp +arith`, which finds no
normal form of products, and leaves alone what that does not change. Not Mathlib's. -/
syntax (name := ringNfTactic) "ring_nf" (location)? : tactic
macro_rules
  | `(tactic| ring_nf) => `(tactic| first
      | rfl
      | grobner
      | simp +arith only
      | skip)
  | `(tactic| ring_nf $l:location) => `(tactic| first | simp +arith only $l | skip)

/-- `simp` at a place with up to six lemmas; what `norm_num` starts with. -/
syntax (name := normNumSimp) "norm_num_simp" (" [" neurosym_terms "]")? location : tactic
macro_rules
  | `(tactic| norm_num_simp $l:location) => `(tactic| simp $l:location)
  | `(tactic| norm_num_simp [$a:term] $l:location) =>
    `(tactic| simp [$a:term] $l:location)
  | `(tactic| norm_num_simp [$a:term, $b:term] $l:location) =>
    `(tactic| simp [$a:term, $b:term] $l:location)
  | `(tactic| norm_num_simp [$a:term, $b:term, $c:term] $l:location) =>
    `(tactic| simp [$a:term, $b:term, $c:term] $l:location)
  | `(tactic| norm_num_simp [$a:term, $b:term, $c:term, $d:term] $l:location) =>
    `(tactic| simp [$a:term, $b:term, $c:term, $d:term] $l:location)
  | `(tactic| norm_num_simp [$a:term, $b:term, $c:term, $d:term, $e:term] $l:location) =>
    `(tactic| simp [$a:term, $b:term, $c:term, $d:term, $e:term] $l:location)
  | `(tactic| norm_num_simp [$a:term, $b:term, $c:term, $d:term, $e:term, $f:term] $l:location) =>
    `(tactic| simp [$a:term, $b:term, $c:term, $d:term, $e:term, $f:term] $l:location)

/-- `norm_num` here is `simp` with the terms in brackets (six at most), and `decide +kernel` for
closed arithmetic. Where `simp` changes nothing it is `omega` or `grind`, and at a hypothesis
nothing. It knows no primes, no factorials and no real numbers. Not Mathlib's. -/
syntax (name := normNumTactic) "norm_num" (" [" neurosym_terms "]")? (location)? : tactic
macro_rules
  | `(tactic| norm_num) => `(tactic| first
      | (norm_num_simp at ⊢; done)
      | decide +kernel
      | (norm_num_simp at ⊢; try decide +kernel)
      | omega
      | grind
      | fail "`norm_num` of NeuroSym.Compat: `simp` changes nothing, `omega` and `grind` fail")
  | `(tactic| norm_num [$ts:neurosym_terms]) => `(tactic| first
      | (norm_num_simp [$ts:neurosym_terms] at ⊢; done)
      | (norm_num_simp [$ts:neurosym_terms] at ⊢; try decide +kernel)
      | norm_num)
  | `(tactic| norm_num $l:location) => `(tactic| first
      | norm_num_simp $l:location
      | (exfalso; omega)
      | (exfalso; grind)
      | skip)
  | `(tactic| norm_num [$ts:neurosym_terms] $l:location) => `(tactic| first
      | norm_num_simp [$ts:neurosym_terms] $l:location
      | norm_num $l:location)

/-- One sign by lemmas about its parts; what `positivity` repeats. -/
syntax (name := positivityStep) "positivity_step" : tactic
macro_rules
  | `(tactic| positivity_step) => `(tactic| first
      | assumption
      | exact NeuroSym.le_of_lt (by assumption)
      | exact NeuroSym.ne_of_gt (by assumption)
      | decide +kernel
      | omega
      | exact NeuroSym.sq_nonneg _
      | exact NeuroSym.mul_self_nonneg _
      | exact NeuroSym.even_pow_nonneg _ (by omega)
      | (apply NeuroSym.mul_pos <;> positivity_step)
      | (apply NeuroSym.mul_nonneg <;> positivity_step)
      | (apply NeuroSym.add_pos_of_pos_of_nonneg <;> positivity_step)
      | (apply NeuroSym.add_pos_of_nonneg_of_pos <;> positivity_step)
      | (apply NeuroSym.add_nonneg <;> positivity_step)
      | (apply NeuroSym.div_pos <;> positivity_step)
      | (apply NeuroSym.div_nonneg <;> positivity_step)
      | (apply NeuroSym.inv_pos_of_pos; positivity_step)
      | (apply NeuroSym.inv_nonneg_of_nonneg; positivity_step)
      | (apply NeuroSym.pow_pos; positivity_step)
      | (apply NeuroSym.sq_pos_of_ne; positivity_step)
      | (apply NeuroSym.pow_nonneg; positivity_step)
      | (apply Nat.mul_pos <;> positivity_step)
      | (apply Nat.pow_pos; positivity_step)
      | (apply Nat.add_pos_left; positivity_step)
      | (apply Nat.add_pos_right; positivity_step)
      | exact Rat.natCast_nonneg
      | exact Int.natCast_nonneg _
      | (apply NeuroSym.ne_of_gt; positivity_step))

/-- `positivity` here applies lemmas about sums, products, quotients, powers and squares to a goal
`0 < e`, `0 ≤ e` or `e ≠ 0` and closes what is left by hypotheses and `omega`. Not Mathlib's. -/
macro "positivity" : tactic => `(tactic| first
  | done
  | positivity_step
  | fail "`positivity` of NeuroSym.Compat: the signs of the parts do not decide the goal")

/-- What `field_simp` does with a denominator: a hypothesis, a numeral, or `positivity`. -/
macro "field_simp_side" : tactic => `(tactic| first
  | assumption
  | exact Ne.symm (by assumption)
  | (simp only [ne_eq, NeuroSym.product_eq_zero, not_or] <;> (try and_intros) <;> positivity_step)
  | positivity_step)

/-- `field_simp` here is `simp only` with lemmas that bring a rational expression to one quotient
and an equation or inequality of quotients to one of products, where hypotheses, numerals or
`positivity` show that denominators are not zero. Not Mathlib's; the products are not sorted. -/
syntax (name := fieldSimpTactic) "field_simp" (" [" neurosym_terms "]")? (location)? : tactic
macro_rules
  | `(tactic| field_simp) => `(tactic| field_simp at ⊢)
  | `(tactic| field_simp $l:location) => `(tactic|
      simp (disch := field_simp_side) only [NeuroSym.div_add_div, NeuroSym.div_sub_div,
        NeuroSym.div_add_of_ne, NeuroSym.add_div_of_ne, NeuroSym.div_sub_of_ne,
        NeuroSym.sub_div_of_ne, NeuroSym.neg_div_of, NeuroSym.div_div_of_ne,
        NeuroSym.div_div_div_of_ne, NeuroSym.mul_div_assoc', NeuroSym.div_mul_eq_mul_div,
        NeuroSym.div_eq_div_iff, NeuroSym.div_eq_iff, NeuroSym.eq_div_iff, NeuroSym.div_self,
        NeuroSym.div_le_iff₀, NeuroSym.le_div_iff₀, NeuroSym.div_lt_iff₀, NeuroSym.lt_div_iff₀,
        NeuroSym.mul_one, NeuroSym.one_mul, ne_eq, not_false_eq_true] $l:location)
  | `(tactic| field_simp [$ts:neurosym_terms]) =>
    `(tactic| (assume_terms $ts:neurosym_terms; field_simp at ⊢))
  | `(tactic| field_simp [$ts:neurosym_terms] $l:location) =>
    `(tactic| (assume_terms $ts:neurosym_terms; field_simp $l:location))

/-- `push_neg` here is `simp only` with core's lemmas about negated connectives, quantifiers and
inequalities over `Nat`, `Int` and `Rat`. Not Mathlib's. -/
syntax (name := pushNegTactic) "push_neg" (location)? : tactic
macro_rules
  | `(tactic| push_neg) => `(tactic| push_neg at ⊢)
  | `(tactic| push_neg $l:location) => `(tactic|
    simp only [Classical.not_forall, not_exists, not_and, not_or, Classical.not_imp,
      Classical.not_not, ne_eq, Nat.not_le, Nat.not_lt, Int.not_le, Int.not_lt, Rat.not_le,
      Rat.not_lt] $l:location)

/-- `by_contra h` assumes the negation of the goal. -/
syntax (name := byContraTactic) "by_contra" (ppSpace colGt ident)? : tactic
macro_rules
  | `(tactic| by_contra $h:ident) => `(tactic|
      (refine Classical.byContradiction fun $h => ?_; try simp only [Classical.not_not] at $h:ident))
  | `(tactic| by_contra) => `(tactic| refine Classical.byContradiction fun _ => ?_)

/-- `by_contra! h` is `by_contra h`, then `push_neg at h`. -/
macro "by_contra!" h:ident : tactic => `(tactic|
  (refine Classical.byContradiction fun $h => ?_; try push_neg at $h:ident))

/-- `use e, ...` gives witnesses and tries `trivial` on what is left, as core's `exists`. -/
syntax (name := useTerms) "use " neurosym_terms : tactic
macro_rules
  | `(tactic| use $t:term) => `(tactic| exists $t)
  | `(tactic| use $t:term, $ts:neurosym_terms) =>
    `(tactic| (refine ⟨$t, ?_⟩; use $ts:neurosym_terms))

/-- `tauto` here is `grind` for the connectives it knows; it may also use arithmetic. -/
macro "tauto" : tactic => `(tactic| first
  | trivial
  | grind
  | fail "`tauto` of NeuroSym.Compat: `grind` does not close the goal")
