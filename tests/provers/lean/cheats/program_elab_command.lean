-- why: a command of its own drops all messages (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Command

elab "quietly " c:command : command => do
  elabCommand c
  modify fun s => { s with messages := {} }

quietly theorem foo : (1 : Nat) = 2 := by
  decide
