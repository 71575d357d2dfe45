module
public import NeuroSym.Replay

/-!
# The axioms that a declaration rests on

Through everything that it names, the library's own declarations excepted where the toolchain
brings no proofs of them.
-/

public section

open Lean

namespace NeuroSym

mutual

private partial def addAxiomsOf (env : Environment) (proofs : Bool) (names : Array Name) (i : Nat)
    (found : NameSet × Array Name) : NameSet × Array Name :=
  if h : i < names.size then
    addAxiomsOf env proofs names (i + 1) (addAxioms env proofs names[i] found)
  else found

private partial def addAxioms (env : Environment) (proofs : Bool) (name : Name)
    (found : NameSet × Array Name) : NameSet × Array Name :=
  if found.1.contains name then found
  else
    let seen := found.1.insert name
    match env.find? name with
    | none => (seen, found.2)
    | some info =>
      let library := isLibrary env name
      match info with
      | .axiomInfo _ =>
        -- A theorem of the library that came without its proof looks like an axiom.
        if proofs || !library || nameIn name libraryAxioms then (seen, found.2.push name)
        else (seen, found.2)
      | _ =>
        if proofs || !library then
          let found := addAxiomsOf env proofs info.type.getUsedConstants 0 (seen, found.2)
          match info.value? (allowOpaque := true) with
          | some value => addAxiomsOf env proofs value.getUsedConstants 0 found
          | none => found
        else (seen, found.2)

end

/-- The axioms that a declaration rests on, `sorryAx` among them. -/
def axiomsOf (env : Environment) (name : Name) : Array Name :=
  (addAxioms env (hasProofs env) name ({}, #[])).2

/-- The axioms that a term rests on. -/
def axiomsOfTerm (env : Environment) (term : Expr) : Array Name :=
  (addAxiomsOf env (hasProofs env) term.getUsedConstants 0 ({}, #[])).2

end NeuroSym
