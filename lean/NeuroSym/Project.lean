module
public import NeuroSym.Module
public import NeuroSym.Protocol
public import NeuroSym.Tactics

/-!
# The program that works on a project's modules
-/

public section

open Lean

namespace NeuroSym

/-- A text that was elaborated, and its tactics: further requests are about them. -/
structure Opened where
  key : String
  steps : Array Step

/-- Elaborate a text whose imports made `header`, and keep the tactics in it. -/
private def openText (header : Environment) (request : Json) : IO (Opened × Json) := do
  let start := header.setMainModule (stringField request "module").toName
  let state ← elaborate start (stringField request "code") (projectOptions request)
  let found ← jsonMessages (messages state)
  let kept := notes state
  let steps := stepsOf kept #[]
  let named := if boolField request "named" then jsonNamed kept #[] else #[]
  let body := Json.mkObj [("messages", found), ("errors", .bool (hasErrors (messages state))),
    ("ran", .bool (refusedProgram state.commands).isSome), ("steps", jsonNat steps.size),
    ("named", .arr named)]
  return ({ key := stringField request "key", steps }, body)

private def negatedFirst (ctx : ContextInfo) : List MVarId → ContextInfo × List MVarId
  | goal :: _ =>
    match negated ctx goal with
    | some (ctx, name) => (ctx, name :: [])
    | none => (ctx, [])
  | [] => (ctx, [])

/-- What a request about an opened text is answered. -/
private def answerOpened (free : Forbidden) (opened : Opened) (request : Json) : IO Json := do
  let index := natField request "index" 0
  match stringField request "op" with
  | "steps" => do
    let shown ← jsonSteps opened.steps index (index + natField request "count" 200)
    return Json.mkObj [("steps", .arr shown)]
  | "replay" =>
    if h : index < opened.steps.size then do
      let step := opened.steps[index]
      let body ← replayStep free step (natField request "heartbeats" 200000)
      return body
    else return Json.mkObj [("failure", .str "there is no such tactic")]
  | "run" =>
    if h : index < opened.steps.size then do
      let step := opened.steps[index]
      let after := boolField request "after"
      let mctx := if after then step.info.mctxAfter else step.info.mctxBefore
      let goals := if after then step.info.goalsAfter else step.info.goalsBefore
      let (ctx, goals) := if boolField request "negated" then
          negatedFirst { step.ctx with mctx := mctx } goals
        else ({ step.ctx with mctx := mctx },
          if boolField request "first" then firstOf goals else goals)
      match goals with
      | [] => return Json.mkObj [("results", .arr #[])]
      | _ => do
        let found ← tryTactics free ctx goals (arrayField request "tactics")
          (natField request "heartbeats" 200000)
        return Json.mkObj [("results", .arr found)]
    else return Json.mkObj [("failure", .str "there is no such tactic")]
  | other => return Json.mkObj [("failure", .str ("unknown request " ++ other))]

/-- The header that was imported last, of the many that a project has, and the text that was
opened last under it. -/
structure Imported where
  key : String
  env : Environment
  opened : Option Opened := none

/-- What `Init` alone left when it was read, which all headers go on from. -/
private def readInit : IO ImportState :=
  readModules (Json.mkObj [("modules", .arr #[.str "Init"])]) none

private def importedOver (base : ImportState) (request : Json) : IO Environment :=
  if boolField request "closed" then closedEnvironment request
  else do
    let state ← readModules request (some base)
    environmentFrom request state

private def importHeader (request : Json) (base : ImportState) : IO (Except String Imported) := do
  try
    let env ← importedOver base request
    return .ok { key := stringField request "header", env }
  catch e => return .error (toString e)

private def announce (env : Environment) : Json :=
  Json.mkObj [("version", .str Lean.versionString), ("proofs", .bool (hasProofs env))]

/-- The answer to a request, and what is open after it. -/
private def answerProject (free : Forbidden) (header : Imported) (request : Json) :
    IO (Option Opened × Json) :=
  match stringField request "op", header.opened with
  | "module", _ => do
    let body ← examine header.env request
    return (none, body)
  | "open", _ => do
    let (opened, body) ← openText header.env request
    return (some opened, body)
  | _, none => return (none, Json.mkObj [("failure", .str "no text is open")])
  | _, some opened =>
    if opened.key != stringField request "key" then
      return (some opened, Json.mkObj [("failure", .str "another text is open")])
    else do
      let body ← answerOpened free opened request
      return (some opened, body)

/-- Answer requests until standard input ends. -/
partial def serveProject (free : Forbidden) (input out : IO.FS.Stream) (base : ImportState)
    (last : Option Imported) : IO Unit := do
  let line ← input.getLine
  if line.isEmpty then return ()
  let start ← IO.monoMsNow
  match Json.parse line with
  | .error e => do
    replyFailure out Json.null e start
    serveProject free input out base last
  | .ok request =>
    match stringField request "op", last with
    | "import", _ => do
      let result ← importHeader request base
      match result with
      | .ok made => do
        reply out request (announce made.env) start
        serveProject free input out base (some made)
      | .error e => do
        replyFailure out request e start
        serveProject free input out base none
    | _, none => do
      replyFailure out request "no header was imported" start
      serveProject free input out base last
    | _, some header =>
      if header.key != stringField request "header" then do
        replyFailure out request "another header was imported" start
        serveProject free input out base last
      else do
        let (opened, body) ← try answerProject free header request
          catch e => pure (none, Json.mkObj [("failure", .str (toString e))])
        reply out request body start
        serveProject free input out base (some { header with opened := opened })

/-- Serve standard input until it ends. -/
def runProject (free : Forbidden) : IO Unit := do
  let base ← readInit
  serveProject free (← IO.getStdin) (← IO.getStdout) base none

end NeuroSym
