/-!
# A stack machine
-/

namespace Sample.Machine

/-- Instructions of the stack machine. -/
inductive Instr where
  | push (n : Nat) : Instr
  | load (i : Nat) : Instr
  | add : Instr
  | mul : Instr
  | pop : Instr
  deriving DecidableEq

/-- A program without jumps. -/
abbrev Code := List Instr

/-- What an instruction does with the stack; `none` if there are too few values. -/
def Instr.exec (ρ : Nat → Nat) : Instr → List Nat → Option (List Nat)
  | push n, s => some (n :: s)
  | load i, s => some (ρ i :: s)
  | add, y :: x :: s => some ((x + y) :: s)
  | mul, y :: x :: s => some ((x * y) :: s)
  | pop, _ :: s => some s
  | _, _ => none

/-- Run a program. -/
def run (ρ : Nat → Nat) : Code → List Nat → Option (List Nat)
  | [], s => some s
  | i :: is, s =>
    match i.exec ρ s with
    | none => none
    | some t => run ρ is t

@[simp] theorem run_nil (ρ : Nat → Nat) (s : List Nat) : run ρ [] s = some s := rfl

theorem run_cons_some {ρ : Nat → Nat} {i : Instr} {s t : List Nat} (is : Code)
    (h : i.exec ρ s = some t) : run ρ (i :: is) s = run ρ is t := by
  simp [run, h]

theorem run_cons_none {ρ : Nat → Nat} {i : Instr} {s : List Nat} (is : Code)
    (h : i.exec ρ s = none) : run ρ (i :: is) s = none := by
  simp [run, h]

theorem run_append (ρ : Nat → Nat) (is js : Code) (s : List Nat) :
    run ρ (is ++ js) s = (run ρ is s).bind (run ρ js) := by
  sorry

theorem run_append_some {ρ : Nat → Nat} {is : Code} {s t : List Nat} (js : Code)
    (h : run ρ is s = some t) : run ρ (is ++ js) s = run ρ js t := by
  rw [run_append, h]
  rfl

theorem run_push_pop (ρ : Nat → Nat) (n : Nat) (s : List Nat) :
    run ρ [.push n, .pop] s = some s := by
  sorry

theorem run_ne_none (ρ : Nat → Nat) (is : Code) (s : List Nat) (h : s ≠ []) :
    run ρ is s ≠ none := by
  sorry

end Sample.Machine
