-- why: the word `theorem` gets a new elaborator (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Command

elab_rules : command
  | `(theorem $name:declId $_sig:declSig := $_value) => do
    elabCommand (← `(theorem $name : True := True.intro))

theorem foo : (1 : Nat) = 2 := rfl
