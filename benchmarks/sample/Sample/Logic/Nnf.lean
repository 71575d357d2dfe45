import Sample.Logic.Formula

/-!
# Negation normal form
-/

namespace Sample.Logic.Formula

/-- The normal form of a formula, or of its negation. -/
def nnfAux : Bool → Formula → Formula
  | true, var i => var i
  | false, var i => neg (var i)
  | true, bot => bot
  | false, bot => neg bot
  | b, neg f => nnfAux (!b) f
  | true, conj f g => conj (nnfAux true f) (nnfAux true g)
  | false, conj f g => disj (nnfAux false f) (nnfAux false g)
  | true, disj f g => disj (nnfAux true f) (nnfAux true g)
  | false, disj f g => conj (nnfAux false f) (nnfAux false g)

/-- Negations only in front of variables and `bot`. -/
def nnf (f : Formula) : Formula := nnfAux true f

/-- Whether a formula is in normal form. -/
def IsNnf : Formula → Prop
  | var _ => True
  | bot => True
  | neg (var _) => True
  | neg bot => True
  | neg _ => False
  | conj f g => f.IsNnf ∧ g.IsNnf
  | disj f g => f.IsNnf ∧ g.IsNnf

theorem eval_nnfAux (v : Valuation) (b : Bool) (f : Formula) :
    (nnfAux b f).eval v = (f.eval v == b) := by
  induction f generalizing b with
  | var i => cases b <;> simp [nnfAux, eval]
  | bot => cases b <;> simp [nnfAux, eval]
  | neg f ih => cases b <;> simp [nnfAux, eval, ih]
  | conj f g ihf ihg => cases b <;> simp [nnfAux, eval, ihf, ihg]
  | disj f g ihf ihg => cases b <;> simp [nnfAux, eval, ihf, ihg]

theorem eval_nnf (v : Valuation) (f : Formula) : f.nnf.eval v = f.eval v := by
  simp [nnf, eval_nnfAux]

theorem nnfAux_isNnf (b : Bool) (f : Formula) : (nnfAux b f).IsNnf := by
  induction f generalizing b with
  | var i => cases b <;> simp [nnfAux, IsNnf]
  | bot => cases b <;> simp [nnfAux, IsNnf]
  | neg f ih => cases b <;> simp [nnfAux, ih]
  | conj f g ihf ihg => cases b <;> simp [nnfAux, IsNnf, ihf, ihg]
  | disj f g ihf ihg => cases b <;> simp [nnfAux, IsNnf, ihf, ihg]

theorem nnf_isNnf (f : Formula) : f.nnf.IsNnf := sorry

theorem nnf_neg (v : Valuation) (f : Formula) : (neg f).nnf.eval v = !f.nnf.eval v := by
  rw [eval_nnf, eval_nnf]
  rfl

theorem size_nnf_le (f : Formula) : f.nnf.size ≤ f.size := by
  sorry

end Sample.Logic.Formula
