/-!
# Deterministic automata
-/

noncomputable section

namespace Sample.Machine

/-- An automaton with states `σ` that reads letters of `α`. -/
structure Automaton (α σ : Type) where
  start : σ
  next : σ → α → σ
  final : σ → Bool

namespace Automaton

variable {α σ τ : Type}

/-- The state after a word. -/
def runFrom (M : Automaton α σ) : σ → List α → σ
  | q, [] => q
  | q, a :: w => M.runFrom (M.next q a) w

/-- Whether a word is accepted. -/
def accepts (M : Automaton α σ) (w : List α) : Bool := M.final (M.runFrom M.start w)

/-- The automaton that accepts all other words. -/
def compl (M : Automaton α σ) : Automaton α σ := { M with final := fun q => !M.final q }

/-- Two automata side by side; it accepts what both accept. -/
def prod (M : Automaton α σ) (N : Automaton α τ) : Automaton α (σ × τ) where
  start := (M.start, N.start)
  next q a := (M.next q.1 a, N.next q.2 a)
  final q := M.final q.1 && N.final q.2

@[simp] theorem runFrom_nil (M : Automaton α σ) (q : σ) : M.runFrom q [] = q := rfl

@[simp] theorem runFrom_cons (M : Automaton α σ) (q : σ) (a : α) (w : List α) :
    M.runFrom q (a :: w) = M.runFrom (M.next q a) w := rfl

theorem runFrom_append (M : Automaton α σ) (q : σ) (v w : List α) :
    M.runFrom q (v ++ w) = M.runFrom (M.runFrom q v) w := by
  induction v generalizing q with
  | nil => rfl
  | cons a v ih => exact ih (M.next q a)

theorem runFrom_snoc (M : Automaton α σ) (q : σ) (w : List α) (a : α) :
    M.runFrom q (w ++ [a]) = M.next (M.runFrom q w) a := by
  sorry

theorem runFrom_compl (M : Automaton α σ) (q : σ) (w : List α) :
    M.compl.runFrom q w = M.runFrom q w := by
  induction w generalizing q with
  | nil => rfl
  | cons a w ih => exact ih (M.next q a)

theorem accepts_compl (M : Automaton α σ) (w : List α) :
    M.compl.accepts w = !M.accepts w := by
  unfold accepts
  sorry

end Automaton

end Sample.Machine
