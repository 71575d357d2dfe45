import Sample.Logic.Nnf

/-!
# Entailment and equivalence of formulas
-/

namespace Sample.Logic

open Formula

/-- A valuation makes every formula of a list true. -/
def Models (v : Valuation) (Γ : List Formula) : Prop := ∀ f, f ∈ Γ → f.eval v = true

/-- Each valuation that makes all assumptions true makes the conclusion true. -/
def Entails (Γ : List Formula) (f : Formula) : Prop := ∀ v, Models v Γ → f.eval v = true

/-- Two formulas with the same truth values. -/
def Equiv (f g : Formula) : Prop := ∀ v, f.eval v = g.eval v

/-- A formula that is true under some valuation. -/
def Satisfiable (f : Formula) : Prop := ∃ v, f.eval v = true

theorem Models.cons {v : Valuation} {Γ : List Formula} {f : Formula} (h : f.eval v = true)
    (hΓ : Models v Γ) : Models v (f :: Γ) := by
  intro g hg
  rcases List.mem_cons.mp hg with rfl | hg
  · exact h
  · exact hΓ g hg

theorem Entails.cut {Γ : List Formula} {f g : Formula} (h : Entails Γ f)
    (h' : Entails (f :: Γ) g) : Entails Γ g := by
  intro v hv
  exact h' v (hv.cons (h v hv))

theorem entails_impl_iff {Γ : List Formula} {f g : Formula} :
    Entails Γ (impl f g) ↔ Entails (f :: Γ) g := by
  constructor
  · intro h v hv
    have h1 := h v fun k hk => hv k (List.mem_cons_of_mem f hk)
    have h2 := hv f List.mem_cons_self
    simpa [eval_impl, h2] using h1
  · intro h v hv
    rw [eval_impl]
    cases hf : f.eval v with
    | false => rfl
    | true => simp [h v (hv.cons hf)]

theorem Equiv.refl (f : Formula) : Equiv f f := by
  sorry

theorem Equiv.symm {f g : Formula} (h : Equiv f g) : Equiv g f := fun v => (h v).symm

theorem Equiv.trans {f g k : Formula} (h : Equiv f g) (h' : Equiv g k) : Equiv f k :=
  fun v => (h v).trans (h' v)

theorem equiv_nnf (f : Formula) : Equiv f.nnf f := by
  sorry

theorem Equiv.neg {f g : Formula} (h : Equiv f g) : Equiv (neg f) (neg g) := by
  intro v
  simp [eval, h v]

theorem satisfiable_nnf_iff {f : Formula} : Satisfiable f.nnf ↔ Satisfiable f := by
  simp [Satisfiable, eval_nnf]

end Sample.Logic
