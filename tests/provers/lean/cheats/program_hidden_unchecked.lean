-- why: a hidden program adds a lemma that no kernel has seen (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean Elab Command

syntax (name := preparation) "prepare" : command

def wrong : Declaration := .thmDecl {
  name := `absurdity, levelParams := [], type := mkConst ``False,
  value := mkConst ``True.intro }

def elabPrepare : CommandElab := fun _ =>
  modify fun s =>
    match s.env.addDeclCore 0 wrong none (doCheck := false) with
    | .ok env => { s with env }
    | .error _ => s

macro "register " kind:ident function:ident : command => do
  let way := mkIdent (.str .anonymous ("command" ++ "_elab"))
  `(attribute [$way:ident $kind] $function)

register preparation elabPrepare
prepare

theorem foo : (1 : Nat) = 2 := absurdity.elim
