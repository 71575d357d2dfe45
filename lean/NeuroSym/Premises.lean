module
public import NeuroSym.Attributes
public import NeuroSym.Declarations
public import NeuroSym.Protocol

/-!
# What a header makes available: its modules and their declarations

A program that answers, page by page, what is in the data of the imported modules. Where library
modules come without proofs (the embedded toolchain), a theorem arrives as an axiom, and so does a
definition whose body its module keeps to itself; what each was declared as is noted in its
module, and Lean answers it from there.
-/

public section

open Lean

namespace NeuroSym

/-! ## Modules -/

private partial def jsonImports (imports : Array Import) (i : Nat := 0)
    (done : Array Json := #[]) : Json :=
  if h : i < imports.size then
    let one := imports[i]
    jsonImports imports (i + 1) (done.push (Json.mkObj [("module", .str one.module.toString),
      ("public", .bool one.isExported), ("meta", .bool one.isMeta), ("all", .bool one.importAll)]))
  else .arr done

private partial def jsonModules (env : Environment) (i : Nat := 0) (done : Array Json := #[]) :
    Json :=
  if h : i < env.header.moduleData.size then
    let data := env.header.moduleData[i]
    let one := Json.mkObj [("name", .str (env.header.modules.getD i default).module.toString),
      ("closed", .bool data.isModule), ("imports", jsonImports data.imports),
      ("constants", jsonNat data.constants.size)]
    jsonModules env (i + 1) (done.push one)
  else .arr done

/-! ## Declarations -/

/-- Whether the declaration is this module's own: modules may hold copies of what Lean makes. -/
private def isOf (env : Environment) (module : Nat) (name : Name) : Bool :=
  match env.getModuleIdxFor? name with
  | some found => found == module
  | none => false

private partial def page (env : Environment) (module : Nat) (data : ModuleData) (i stop : Nat)
    (found left : Array Json) : IO (Array Json × Array Json) := do
  if h : i < data.constants.size then
    if i < stop then
      let info := data.constants[i]
      if isOf env module info.name then
        let why := omitted env info.name
        if why == "" then
          let one ← described env false info
          page env module data (i + 1) stop (found.push one) left
        else
          page env module data (i + 1) stop found
            (left.push (.arr #[.str why, .str (kindOf env info)]))
      else page env module data (i + 1) stop found left
    else return (found, left)
  else return (found, left)

/-- The declarations of one module, from the constant `first` on: their names, kinds, types, and
what they use in the type and, where Lean has one, the value. -/
private def declarations (env : Environment) (request : Json) : IO Json := do
  let module := natField request "module" 0
  let first := natField request "first" 0
  if h : module < env.header.moduleData.size then
    let data := env.header.moduleData[module]
    let found ← page env module data first (first + natField request "count" 1000) #[] #[]
    let body := [("declarations", Json.arr found.1), ("omitted", Json.arr found.2),
      ("constants", jsonNat data.constants.size)]
    if first == 0 then
      return Json.mkObj (("docs", jsonDocs data) :: ("places", jsonPlaces data) :: body)
    else return Json.mkObj body
  else return Json.mkObj [("failure", .str "there is no such module")]

/-! ## Lean's own count

Taken from the table of all constants that Lean itself looks names up in, not from the modules. -/

private structure Census where
  constants : Nat := 0
  theorems : Nat := 0
  definitions : Nat := 0
  omitted : Nat := 0
  omittedTheorems : Nat := 0
  omittedDefinitions : Nat := 0

private def counted (env : Environment) (c : Census) (name : Name) : Census :=
  let isTheorem := if wasOriginallyTheorem env name then 1 else 0
  let isDefinition := match getOriginalConstKind? env name with
    | some .defn => 1
    | _ => 0
  let isOmitted := if omitted env name == "" then 0 else 1
  { constants := c.constants + 1
    theorems := c.theorems + isTheorem
    definitions := c.definitions + isDefinition
    omitted := c.omitted + isOmitted
    omittedTheorems := c.omittedTheorems + isTheorem * isOmitted
    omittedDefinitions := c.omittedDefinitions + isDefinition * isOmitted }

private def countList (env : Environment) (c : Census) :
    Std.DHashMap.Internal.AssocList Name (fun _ => ConstantInfo) → Census
  | .nil => c
  | .cons name _ rest => countList env (counted env c name) rest

private partial def countBuckets (env : Environment)
    (buckets : Array (Std.DHashMap.Internal.AssocList Name (fun _ => ConstantInfo))) (i : Nat)
    (c : Census) : Census :=
  if h : i < buckets.size then countBuckets env buckets (i + 1) (countList env c buckets[i])
  else c

private def census (env : Environment) : Json :=
  let c := countBuckets env env.constants.map₁.inner.inner.buckets 0 {}
  Json.mkObj [("constants", jsonNat c.constants), ("theorems", jsonNat c.theorems),
    ("definitions", jsonNat c.definitions), ("omitted", jsonNat c.omitted),
    ("omitted_theorems", jsonNat c.omittedTheorems),
    ("omitted_definitions", jsonNat c.omittedDefinitions)]

/-! ## The program -/

private def answerPremises (env : Environment) (request : Json) : IO Json :=
  match stringField request "op" with
  | "modules" => return Json.mkObj [("modules", jsonModules env)]
  | "declarations" => declarations env request
  | "attributes" => return Json.mkObj [("attributes", jsonAttributes env)]
  | "census" => return census env
  | other => return Json.mkObj [("failure", .str ("unknown request " ++ other))]

/-- Answer requests until standard input ends. -/
partial def servePremises (input out : IO.FS.Stream) (made : List (String × Environment)) :
    IO Unit := do
  let line ← input.getLine
  if line.isEmpty then return ()
  let start ← IO.monoMsNow
  match Json.parse line with
  | .error e => do
    replyFailure out Json.null e start
    servePremises input out made
  | .ok request =>
    let key := stringField request "header"
    match stringField request "op", environmentOf key made with
    | "import", _ => do
      let result ← imported request
      match result with
      | .ok env => do
        reply out request (Json.mkObj [("version", .str Lean.versionString)]) start
        servePremises input out ((key, env) :: made)
      | .error e => do
        replyFailure out request e start
        servePremises input out made
    | _, none => do
      replyFailure out request "this header was not imported" start
      servePremises input out made
    | _, some header => do
      let body ← try answerPremises header request
        catch e => pure (Json.mkObj [("failure", .str (toString e))])
      reply out request body start
      servePremises input out made

/-- Serve standard input until it ends. -/
def runPremises : IO Unit := do
  servePremises (← IO.getStdin) (← IO.getStdout) []

end NeuroSym
