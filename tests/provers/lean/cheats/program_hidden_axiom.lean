-- why: a hidden program adds an axiom without the word (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Command

syntax (name := preparation) "prepare" : command

def wish : Declaration := .axiomDecl {
  name := `propext', levelParams := [], type := mkConst ``False, isUnsafe := false }

def elabPrepare : CommandElab := fun _ =>
  modify fun s =>
    match s.env.addDeclCore 0 wish none with
    | .ok env => { s with env }
    | .error _ => s

macro "register " kind:ident function:ident : command => do
  let way := mkIdent (.str .anonymous ("command" ++ "_elab"))
  `(attribute [$way:ident $kind] $function)

register preparation elabPrepare
prepare

theorem foo : (1 : Nat) = 2 := propext'.elim
