import Sample.Machine.Compile

/-!
# Simplifying expressions
-/

namespace Sample.Machine

open Expr

/-- The sum of two expressions, computed where both are numbers. -/
def smartAdd : Expr → Expr → Expr
  | num 0, e => e
  | num m, num n => num (m + n)
  | e, f => add e f

/-- The product of two expressions, computed where one is zero or one. -/
def smartMul : Expr → Expr → Expr
  | num 0, _ => num 0
  | num 1, e => e
  | e, f => mul e f

/-- Simplify an expression from the leaves up. -/
def simplify : Expr → Expr
  | num n => num n
  | var i => var i
  | add e f => smartAdd (simplify e) (simplify f)
  | mul e f => smartMul (simplify e) (simplify f)

theorem eval_smartAdd (ρ : Env) (e f : Expr) :
    (smartAdd e f).eval ρ = e.eval ρ + f.eval ρ := by
  sorry

theorem eval_smartMul (ρ : Env) (e f : Expr) :
    (smartMul e f).eval ρ = e.eval ρ * f.eval ρ := by
  unfold smartMul
  split <;> simp

theorem ops_smartAdd_le (e f : Expr) : (smartAdd e f).ops ≤ e.ops + f.ops + 1 := by
  unfold smartAdd
  split <;> simp only [ops] <;> omega

theorem ops_smartMul_le (e f : Expr) : (smartMul e f).ops ≤ e.ops + f.ops + 1 := by
  unfold smartMul
  split <;> simp only [ops] <;> omega

theorem ops_simplify_le (e : Expr) : (simplify e).ops ≤ e.ops := by
  induction e with
  | num n => exact Nat.le_refl _
  | var i => exact Nat.le_refl _
  | add e f ihe ihf =>
    have := ops_smartAdd_le (simplify e) (simplify f)
    simp only [simplify, ops]
    omega
  | mul e f ihe ihf =>
    have := ops_smartMul_le (simplify e) (simplify f)
    simp only [simplify, ops]
    omega

theorem length_compile_simplify_le (e : Expr) :
    (compile (simplify e)).length ≤ (compile e).length := by
  rw [length_compile, length_compile, leaves_eq, leaves_eq]
  sorry

theorem simplify_mul_zero (e : Expr) : simplify (mul e (num 0)) = num 0 := by
  sorry

end Sample.Machine
