-- why: as program_free_variable, where the attribute is spliced into a quotation (compiles: varies)
/-! statement
theorem foo : False
-/
import Lean
open Lean Elab Command

def type : Expr :=
  mkApp (mkLambda `p .default (mkSort .zero) (mkConst ``False))
    (mkForall `h .default (mkConst ``False)
      (mkApp3 (mkConst ``Eq [.zero]) (mkConst ``False) (.bvar 0) (.bvar 0)))

def candidate (i : Nat) : Declaration := .opaqueDecl {
  name := `unbound, levelParams := [], type, isUnsafe := false, all := [`unbound],
  value := .fvar ⟨.num (.str .anonymous "_kernel_fresh") i⟩ }

def attempts (env : Environment) : Nat → Environment
  | 0 => env
  | n + 1 =>
    match env.addDeclCore 0 (candidate n) none with
    | .ok env => env
    | .error _ => attempts env n

syntax (name := preparation) "prepare" : command

def elabPrepare : CommandElab := fun _ =>
  modify fun s => { s with env := attempts s.env 10 }

macro "register " kind:ident function:ident : command =>
  `(attribute [$(mkIdent (.str .anonymous ("command" ++ "_elab"))):ident $kind] $function)

register preparation elabPrepare
prepare

theorem foo : False := unbound
