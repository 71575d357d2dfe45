-- why: an attribute of the submission stands for command_elab (compiles: varies)
/-! statement
theorem foo : True
-/
import Lean
open Lean Elab Command
syntax (name := quiet) "quietly " command : command
macro "nolint" k:ident : attr => `(attr| command_elab $k)
@[nolint quiet] def elabQuiet : CommandElab := fun stx => do
  elabCommand (stx.getArg 1); modify fun s => { s with messages := {} }
quietly theorem bar : 1 = 2 := by decide
theorem foo : True := trivial
