module
public import NeuroSym.Elaborate

/-!
# What proofs rest on

The constants of the imports that the proofs and values in a text name. What the text declares
itself, the auxiliary theorems that Lean makes among it, stands for what it is made of.
-/

public section

open Lean

namespace NeuroSym

private partial def addUsed (header : Environment) (names : Array Name) (i : Nat)
    (found : NameSet × Array Name) : NameSet × Array Name :=
  if h : i < names.size then
    let name := names[i]
    if found.1.contains name then addUsed header names (i + 1) found
    else
      let seen := found.1.insert name
      match header.find? name with
      | some _ => addUsed header names (i + 1) (seen, found.2.push name)
      | none => addUsed header names (i + 1) (seen, found.2)
  else found

private partial def addValues (header : Environment) (data : ModuleData) (i : Nat)
    (found : NameSet × Array Name) : NameSet × Array Name :=
  if h : i < data.constants.size then
    match data.constants[i].value? (allowOpaque := true) with
    | some value =>
      addValues header data (i + 1) (addUsed header value.getUsedConstants 0 found)
    | none => addValues header data (i + 1) found
  else found

/-- The imported constants that the proofs and values of an elaborated text name. -/
def uses (header : Environment) (state : Frontend.State) : IO (Array Name) := do
  let data ← mkModuleData state.commandState.env
  return (addValues header data 0 ({}, #[])).2

end NeuroSym
