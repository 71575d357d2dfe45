module
public import NeuroSym.Judge
public import NeuroSym.Protocol
public import NeuroSym.Sorries
public import NeuroSym.Uses

/-!
# The checking server

It answers requests one after another until standard input ends; each starts from the environment
of its header, so requests never see one another's declarations.
-/

public section

open Lean

namespace NeuroSym

/-- The options of a request. Lean's own heartbeat limit is on unless the request sets it, and an
unknown word (`ℝ` without Mathlib) is an error instead of a new type variable. -/
private def optionsOf (request : Json) : Options :=
  let options : Options := {}
  let options := options.set `relaxedAutoImplicit (DataValue.ofBool false)
  options.set `maxHeartbeats (DataValue.ofNat (natField request "heartbeats" 200000))

private def checked (env : Environment) (request : Json) : IO Json := do
  let state ← elaborate env (stringField request "code") (optionsOf request)
  let found ← jsonMessages (messages state)
  let body := [("messages", found), ("errors", .bool (hasErrors (messages state))),
    ("ran", .bool (refused state.commands).isSome)]
  if boolField request "sorries" then
    let holes ← sorries state
    let unproved ← usesSorry state
    return Json.mkObj (("sorries", holes) :: ("unproved", .bool unproved) :: body)
  else if boolField request "uses" then
    let used ← uses env state
    return Json.mkObj (("uses", jsonNames used) :: body)
  else return Json.mkObj body

private def answer (env : Environment) (request : Json) : IO Json :=
  match stringField request "op" with
  | "check" => checked env request
  | "judge" =>
    let statement :=
      if hasString request "statement" then some (stringField request "statement") else none
    judge env (stringField request "code") statement (optionsOf request)
  | other => return Json.mkObj [("failure", .str ("unknown request " ++ other))]

/-- Answer requests until standard input ends. -/
partial def serve (input out : IO.FS.Stream) (made : List (String × Environment)) : IO Unit := do
  let line ← input.getLine
  if line.isEmpty then return ()
  let start ← IO.monoMsNow
  match Json.parse line with
  | .error e => do
    replyFailure out Json.null e start
    serve input out made
  | .ok request =>
    let key := stringField request "header"
    match stringField request "op", environmentOf key made with
    | "import", _ => do
      let result ← imported request
      match result with
      | .ok env => do
        let body := Json.mkObj [("version", .str Lean.versionString),
          ("proofs", .bool (hasProofs env))]
        reply out request body start
        serve input out ((key, env) :: made)
      | .error e => do
        replyFailure out request e start
        serve input out made
    | _, none => do
      replyFailure out request "this header was not imported" start
      serve input out made
    | _, some header => do
      let body ← try answer header request
        catch e => pure (Json.mkObj [("failure", .str (toString e))])
      reply out request body start
      serve input out made

/-- Serve standard input until it ends. -/
def run : IO Unit := do
  serve (← IO.getStdin) (← IO.getStdout) []

end NeuroSym
