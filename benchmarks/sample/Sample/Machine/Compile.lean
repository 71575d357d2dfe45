import Sample.Machine.Expr
import Sample.Machine.Code

/-!
# A compiler from expressions to the stack machine
-/

noncomputable section

namespace Sample.Machine

/-- The code that pushes the value of an expression. -/
def compile : Expr → Code
  | .num n => [.push n]
  | .var i => [.load i]
  | .add e f => compile e ++ compile f ++ [.add]
  | .mul e f => compile e ++ compile f ++ [.mul]

theorem run_compile (ρ : Env) (e : Expr) (s : List Nat) :
    run ρ (compile e) s = some (e.eval ρ :: s) := by
  induction e generalizing s with
  | num n => rfl
  | var i => rfl
  | add e f ihe ihf =>
    rw [compile, List.append_assoc, run_append_some _ (ihe s), run_append_some _ (ihf _)]
    rfl
  | mul e f ihe ihf =>
    rw [compile, List.append_assoc, run_append_some _ (ihe s), run_append_some _ (ihf _)]
    rfl

theorem compile_correct (ρ : Env) (e : Expr) : run ρ (compile e) [] = some [e.eval ρ] := by
  exact run_compile ρ e []

theorem compile_ne_nil (e : Expr) : compile e ≠ [] := by
  cases e <;> simp [compile]

theorem length_compile (e : Expr) : (compile e).length = e.leaves + e.ops := by
  induction e with
  | num n => rfl
  | var i => rfl
  | add e f ihe ihf =>
    simp only [compile, Expr.leaves, Expr.ops, List.length_append, List.length_cons,
      List.length_nil]
    omega
  | mul e f ihe ihf =>
    simp only [compile, Expr.leaves, Expr.ops, List.length_append, List.length_cons,
      List.length_nil]
    omega

theorem length_compile_odd (e : Expr) : (compile e).length % 2 = 1 := by
  rw [length_compile, Expr.leaves_eq]
  omega

theorem run_compile_pop (ρ : Env) (e : Expr) (s : List Nat) :
    run ρ (compile e ++ [.pop]) s = some s := by
  sorry

theorem eval_eq_of_compile_eq {e f : Expr} (h : compile e = compile f) (ρ : Env) :
    e.eval ρ = f.eval ρ := by
  have h1 := compile_correct ρ e
  rw [h, compile_correct] at h1
  simpa using h1.symm

end Sample.Machine
