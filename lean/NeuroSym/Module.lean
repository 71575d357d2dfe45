module
public import NeuroSym.Attributes
public import NeuroSym.Axioms
public import NeuroSym.Declarations
public import NeuroSym.Forbidden
public import NeuroSym.Sorries

/-!
# A module of a project, elaborated once

What Lean says of it, what it declares and what that rests on, which places of it are not proved,
and, where it has no errors, the compiled file.
-/

public section

open Lean

namespace NeuroSym

/-- What others may name of a module, and what it keeps to itself but somebody wrote. -/
private def isWritten (env : Environment) (name : Name) : Bool :=
  let why := omitted env name
  if why == "private" then
    match privateToUserName? name with
    | some own => !own.isInternalDetail && !Meta.isMatcherCore env name
        && !isAuxRecursor env name && !isNoConfusion env name
    | none => false
  else why == "" || why == "hidden"

/-- Why the kernel does not accept a theorem; `""` if it does. Goes on from what it accepted. -/
private def rejected (header result : Environment) (info : ConstantInfo) (done : Audit) :
    String × Audit :=
  match info with
  | .thmInfo v =>
    let found := audit header result v.name (some done)
    match found.failure with
    | some why => (why, { kernel := header.toKernelEnv })
    | none => ("", found)
  | _ => ("", done)

private partial def reported (header result : Environment) (data : ModuleData) (i : Nat)
    (checked : Audit) (done : Array Json) : IO (Array Json) := do
  if h : i < data.constants.size then
    let info := data.constants[i]
    if isWritten result info.name then
      let one ← described result true info
      let found := rejected header result info checked
      let axioms := jsonNames (axiomsOf result info.name)
      let line := Json.mkObj [("about", one), ("axioms", axioms), ("rejected", .str found.1)]
      reported header result data (i + 1) found.2 (done.push line)
    else reported header result data (i + 1) checked done
  else return done

private partial def setOptions (given : Array Json) (i : Nat) (options : Options) : Options :=
  if h : i < given.size then
    let one := given[i]
    let name := (stringField one "name").toName
    let options := match one.getObjVal? "value" with
      | .ok (.bool b) => options.set name (DataValue.ofBool b)
      | .ok (.str s) => options.set name (DataValue.ofString s)
      | .ok (.num n) => options.set name (DataValue.ofNat n.mantissa.toNat)
      | _ => options
    setOptions given (i + 1) options
  else options

/-- The options that a project sets for its files.

The embedded Lean does not find closed terms that the compiler lifts out of a macro. -/
def projectOptions (request : Json) : Options :=
  let options : Options := {}
  let options := options.set `compiler.extract_closed (DataValue.ofBool false)
  setOptions (arrayField request "options") 0 options

/-- Elaborate a module whose imports made `header`; it is compiled into `file` if that is named
and there are no errors. -/
def examine (header : Environment) (request : Json) : IO Json := do
  let start := header.setMainModule (stringField request "module").toName
  let state ← elaborate start (stringField request "code") (projectOptions request)
  let found ← jsonMessages (messages state)
  let failed := hasErrors (messages state)
  let refusal := match refusedProgram state.commands with
    | some why => Json.mkObj [("tag", .str why.tag), ("word", .str why.word)]
    | none => Json.null
  let holes ← sorries state
  let data ← mkModuleData state.commandState.env
  let declared ← reported header state.commandState.env data 0
    { kernel := header.toKernelEnv } #[]
  let file := stringField request "file"
  if file != "" && !failed then
    writeModule state.commandState.env (System.FilePath.mk file)
  return Json.mkObj [("messages", found), ("errors", .bool failed), ("refused", refusal),
    ("ran", .bool (refusedProgram state.commands).isSome), ("sorries", holes),
    ("declarations", .arr declared), ("places", jsonPlaces data), ("docs", jsonDocs data)]

end NeuroSym
