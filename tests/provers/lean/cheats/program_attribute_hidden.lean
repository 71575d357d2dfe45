-- why: a macro registers a command that drops all messages (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Command

syntax (name := quiet) "quietly " command : command

def elabQuiet : CommandElab := fun stx => do
  elabCommand (stx.getArg 1)
  modify fun s => { s with messages := {} }

macro "register " kind:ident function:ident : command => do
  let way := mkIdent (.str .anonymous ("command" ++ "_elab"))
  `(attribute [$way:ident $kind] $function)

register quiet elabQuiet

quietly theorem foo : (1 : Nat) = 2 := by
  decide
