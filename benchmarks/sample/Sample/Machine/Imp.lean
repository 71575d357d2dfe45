import Sample.Machine.Expr

/-!
# A language of assignments and loops

Loops run a number of times that is fixed when they are entered, so each program ends.
-/

namespace Sample.Machine

/-- Programs. -/
inductive Prog where
  | skip : Prog
  | assign (i : Nat) (e : Expr) : Prog
  | seq (p q : Prog) : Prog
  | loop (e : Expr) (p : Prog) : Prog

/-- Give a variable a new value. -/
def Env.set (ρ : Env) (i n : Nat) : Env := fun j => if j = i then n else ρ j

/-- Do something a number of times. -/
def iter {α : Type} (f : α → α) : Nat → α → α
  | 0, a => a
  | n + 1, a => iter f n (f a)

/-- The variables after a program. -/
def Prog.exec : Prog → Env → Env
  | skip, ρ => ρ
  | assign i e, ρ => ρ.set i (e.eval ρ)
  | seq p q, ρ => q.exec (p.exec ρ)
  | loop e p, ρ => iter p.exec (e.eval ρ) ρ

@[simp] theorem set_self (ρ : Env) (i n : Nat) : ρ.set i n i = n := by
  simp [Env.set]

theorem iter_add {α : Type} (f : α → α) (m n : Nat) (a : α) :
    iter f (m + n) a = iter f n (iter f m a) := by
  induction m generalizing a with
  | zero => simp [iter]
  | succ m ih => rw [Nat.succ_add, iter, ih, iter]

theorem iter_succ {α : Type} (f : α → α) (n : Nat) (a : α) :
    iter f (n + 1) a = f (iter f n a) := by
  sorry

theorem iter_invariant {α : Type} {p : α → Prop} {f : α → α} (hf : ∀ a, p a → p (f a))
    (n : Nat) {a : α} (ha : p a) : p (iter f n a) := by
  induction n generalizing a with
  | zero => exact ha
  | succ n ih => exact ih (hf a ha)

theorem exec_skip_seq (p : Prog) : (Prog.seq .skip p).exec = p.exec := by
  sorry

theorem exec_seq_assoc (p q r : Prog) :
    (Prog.seq (.seq p q) r).exec = (Prog.seq p (.seq q r)).exec := by
  rfl

theorem assign_assign (i : Nat) (e f : Expr) (ρ : Env) :
    (Prog.seq (.assign i e) (.assign i f)).exec ρ = (Prog.assign i f).exec ρ := by
  sorry

end Sample.Machine
