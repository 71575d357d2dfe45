-- why: a macro writes `run_cmd` as a tree, so that the word is nowhere (compiles: varies)
/-! statement
theorem foo : (1 : Nat) = 2
-/
import Lean
open Lean

macro "prepare" body:doSeq : command =>
  return ⟨.node .none (.str (.str .anonymous "Lean") ("run" ++ "Cmd"))
    #[.atom .none ("run" ++ "_cmd"), body.raw]⟩

def wish : Declaration := .axiomDecl {
  name := `absurdity, levelParams := [], type := mkConst ``False, isUnsafe := false }

prepare
  modify fun s =>
    match s.env.addDeclCore 0 wish none with
    | .ok env => { s with env }
    | .error _ => s

theorem foo : (1 : Nat) = 2 := absurdity.elim
