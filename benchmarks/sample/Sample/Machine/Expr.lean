/-!
# Arithmetic expressions
-/

namespace Sample.Machine

/-- Arithmetic expressions with numbered variables. -/
inductive Expr where
  | num (n : Nat) : Expr
  | var (i : Nat) : Expr
  | add (e f : Expr) : Expr
  | mul (e f : Expr) : Expr
  deriving DecidableEq

/-- The values of the variables. -/
abbrev Env := Nat → Nat

namespace Expr

/-- The value of an expression. -/
def eval (ρ : Env) : Expr → Nat
  | num n => n
  | var i => ρ i
  | add e f => e.eval ρ + f.eval ρ
  | mul e f => e.eval ρ * f.eval ρ

/-- The number of operations. -/
def ops : Expr → Nat
  | num _ => 0
  | var _ => 0
  | add e f => e.ops + f.ops + 1
  | mul e f => e.ops + f.ops + 1

/-- The number of leaves. -/
def leaves : Expr → Nat
  | num _ => 1
  | var _ => 1
  | add e f => e.leaves + f.leaves
  | mul e f => e.leaves + f.leaves

/-- Whether no variable occurs. -/
def closed : Expr → Bool
  | num _ => true
  | var _ => false
  | add e f => e.closed && f.closed
  | mul e f => e.closed && f.closed

/-- Twice an expression. -/
def twice (e : Expr) : Expr := add e e

@[simp] theorem eval_num (ρ : Env) (n : Nat) : (num n).eval ρ = n := rfl

@[simp] theorem eval_add (ρ : Env) (e f : Expr) :
    (add e f).eval ρ = e.eval ρ + f.eval ρ := rfl

@[simp] theorem eval_mul (ρ : Env) (e f : Expr) :
    (mul e f).eval ρ = e.eval ρ * f.eval ρ := rfl

theorem eval_twice (ρ : Env) (e : Expr) : (twice e).eval ρ = 2 * e.eval ρ := by
  rw [twice, eval_add]
  sorry

theorem leaves_eq (e : Expr) : e.leaves = e.ops + 1 := by
  induction e with
  | num n => rfl
  | var i => rfl
  | add e f ihe ihf =>
    simp only [leaves, ops]
    omega
  | mul e f ihe ihf =>
    simp only [leaves, ops]
    omega

theorem eval_closed {e : Expr} (h : e.closed = true) (ρ σ : Env) : e.eval ρ = e.eval σ := by
  induction e with
  | num n => rfl
  | var i => simp [closed] at h
  | add e f ihe ihf =>
    simp only [closed, Bool.and_eq_true] at h
    simp [ihe h.1, ihf h.2]
  | mul e f ihe ihf =>
    simp only [closed, Bool.and_eq_true] at h
    simp [ihe h.1, ihf h.2]

theorem eval_mono {ρ σ : Env} (h : ∀ i, ρ i ≤ σ i) (e : Expr) : e.eval ρ ≤ e.eval σ := by
  induction e with
  | num n => exact Nat.le_refl n
  | var i => exact h i
  | add e f ihe ihf => exact Nat.add_le_add ihe ihf
  | mul e f ihe ihf => exact Nat.mul_le_mul ihe ihf

end Expr

end Sample.Machine
