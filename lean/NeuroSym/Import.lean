module
public import Lean.Environment
public import NeuroSym.Json

/-!
# Imports that share what they have read

The modules of a project begin with the same library. It is read once, and each header goes on
from there: a third of the time, and the library is in memory once.
-/

public section

open Lean

namespace NeuroSym

private def importOf (one : Json) : Import :=
  match one with
  | .str name => { module := name.toName }
  | _ => { module := (stringField one "module").toName, importAll := boolField one "all",
           isExported := boolField one "public", isMeta := boolField one "meta" }

/-- The modules that a request names under `modules`. -/
partial def importsOf (names : Array Json) (i : Nat := 0) (done : Array Import := #[]) :
    Array Import :=
  if i < names.size then importsOf names (i + 1) (done.push (importOf (names.getD i .null)))
  else done

/-- Read the modules of a request, after those that `base` has read. -/
def readModules (request : Json) (base : Option ImportState) : IO ImportState := do
  let imports := importsOf (arrayField request "modules")
  let reading : ImportStateM Unit := importModulesCore (globalLevel := .private) (isExported := false) imports
  match base with
  | some state => do
    let (_, state) ← reading.run state
    return state
  | none => do
    let (_, state) ← reading.run
    return state

/-- The environment of the modules of a request, given what reading them left. -/
def environmentFrom (request : Json) (state : ImportState) : IO Environment :=
  finalizeImport state (importsOf (arrayField request "modules")) {} 0 (leakEnv := false)
    (loadExts := true) (level := .private) (isModule := false)

/-- The environment of a file that begins with `module`: what others keep to themselves is not
there, and what it says without `public` is its own. -/
def closedEnvironment (request : Json) : IO Environment := do
  let imports := importsOf (arrayField request "modules")
  let imports := imports.push { module := `Init, isMeta := true }
  let reading : ImportStateM Unit := importModulesCore (globalLevel := .exported) (isExported := true) imports
  let (_, state) ← reading.run
  finalizeImport state imports {} 0 (leakEnv := false) (loadExts := true) (level := .exported)
    (isModule := true)

end NeuroSym
