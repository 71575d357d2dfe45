import Sample.Machine.Automaton
import Sample.Num.Parity

/-!
# Two automata for words of bits
-/

namespace Sample.Machine

open Sample.Parity

/-- Accepts words with an even number of `true`. -/
def evenOnes : Automaton Bool Bool where
  start := true
  next q a := if a then !q else q
  final q := q

/-- Accepts words without two `true` in a row. The state `2` is a trap. -/
def noPairs : Automaton Bool Nat where
  start := 0
  next q a := if q = 2 then 2 else if a then q + 1 else 0
  final q := q != 2

/-- The number of `true`. -/
def ones : List Bool → Nat
  | [] => 0
  | true :: w => ones w + 1
  | false :: w => ones w

theorem ones_append (v w : List Bool) : ones (v ++ w) = ones v + ones w := by
  induction v with
  | nil => simp [ones]
  | cons a v ih =>
    cases a
    · exact ih
    · simp only [List.cons_append, ones, ih]
      sorry

theorem evenOnes_run (q : Bool) (w : List Bool) :
    evenOnes.runFrom q w = (q == (ones w % 2 == 0)) := by
  induction w generalizing q with
  | nil => cases q <;> rfl
  | cons a w ih =>
    rw [Automaton.runFrom_cons, ih]
    cases a
    · rfl
    · rcases Nat.mod_two_eq_zero_or_one (ones w) with h | h <;>
        cases q <;> simp [evenOnes, ones, Nat.add_mod, h]

theorem evenOnes_accepts (w : List Bool) : evenOnes.accepts w = true ↔ Even (ones w) := by
  sorry

theorem evenOnes_append {v w : List Bool} (hv : evenOnes.accepts v = true)
    (hw : evenOnes.accepts w = true) : evenOnes.accepts (v ++ w) = true := by
  rw [evenOnes_accepts] at *
  rw [ones_append]
  exact even_add hv hw

theorem noPairs_trap (w : List Bool) : noPairs.runFrom 2 w = 2 := by
  induction w with
  | nil => rfl
  | cons a w ih => exact ih

theorem noPairs_two_ones : noPairs.accepts [true, true] = false := by
  sorry

theorem ones_reverse (w : List Bool) : ones w.reverse = ones w := by
  induction w with
  | nil => rfl
  | cons a w ih =>
    rw [List.reverse_cons, ones_append, ih]
    cases a <;> rfl

end Sample.Machine
