/-!
# Propositional formulas
-/

namespace Sample.Logic

/-- Formulas of propositional logic, with numbered variables. -/
inductive Formula where
  | var (i : Nat) : Formula
  | bot : Formula
  | neg (f : Formula) : Formula
  | conj (f g : Formula) : Formula
  | disj (f g : Formula) : Formula
  deriving DecidableEq

/-- Which variables are true. -/
abbrev Valuation := Nat → Bool

namespace Formula

/-- The truth value of a formula. -/
def eval (v : Valuation) : Formula → Bool
  | var i => v i
  | bot => false
  | neg f => !f.eval v
  | conj f g => f.eval v && g.eval v
  | disj f g => f.eval v || g.eval v

/-- The number of connectives. -/
def size : Formula → Nat
  | var _ => 0
  | bot => 0
  | neg f => f.size + 1
  | conj f g => f.size + g.size + 1
  | disj f g => f.size + g.size + 1

/-- The variable occurs. -/
def Occurs (i : Nat) : Formula → Prop
  | var j => i = j
  | bot => False
  | neg f => f.Occurs i
  | conj f g => f.Occurs i ∨ g.Occurs i
  | disj f g => f.Occurs i ∨ g.Occurs i

/-- Put a formula in place of each variable. -/
def subst (σ : Nat → Formula) : Formula → Formula
  | var i => σ i
  | bot => bot
  | neg f => neg (f.subst σ)
  | conj f g => conj (f.subst σ) (g.subst σ)
  | disj f g => disj (f.subst σ) (g.subst σ)

/-- The formula that is always true. -/
def top : Formula := neg bot

/-- Implication. -/
def impl (f g : Formula) : Formula := disj (neg f) g

@[simp] theorem eval_top (v : Valuation) : top.eval v = true := rfl

theorem eval_impl (v : Valuation) (f g : Formula) :
    (impl f g).eval v = (!f.eval v || g.eval v) :=
  rfl

theorem eval_subst (v : Valuation) (σ : Nat → Formula) (f : Formula) :
    (f.subst σ).eval v = f.eval fun i => (σ i).eval v := by
  sorry

theorem eval_congr {v w : Valuation} {f : Formula} (h : ∀ i, f.Occurs i → v i = w i) :
    f.eval v = f.eval w := by
  induction f with
  | var i => exact h i rfl
  | bot => rfl
  | neg f ih => simp [eval, ih h]
  | conj f g ihf ihg =>
    simp [eval, ihf fun i hi => h i (Or.inl hi), ihg fun i hi => h i (Or.inr hi)]
  | disj f g ihf ihg =>
    simp [eval, ihf fun i hi => h i (Or.inl hi), ihg fun i hi => h i (Or.inr hi)]

theorem size_neg_neg (f : Formula) : (neg (neg f)).size = f.size + 2 := by
  sorry

theorem eval_deMorgan (v : Valuation) (f g : Formula) :
    (neg (conj f g)).eval v = (disj (neg f) (neg g)).eval v := by
  simp [eval]

end Formula

end Sample.Logic
