module
public import NeuroSym.Judge
public import NeuroSym.Sorries

/-!
# The checking server

One JSON object a line comes in on standard input, and one line an object goes out on standard
output. The request `import` makes the environment of a header, under a key; each other request
names such a key and starts from that environment, so requests never see one another's
declarations.

Whatever Lean or the code under check prints goes to the same output, so each answer's line
begins with the token of its request, which that code has no way to know.
-/

public section

open Lean

namespace NeuroSym

private partial def importsOf (names : Array Json) (i : Nat := 0) (done : Array Import := #[]) :
    Array Import :=
  if i < names.size then
    match names.getD i .null with
    | .str name => importsOf names (i + 1) (done.push { module := name.toName })
    | _ => importsOf names (i + 1) done
  else done

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
  else return Json.mkObj body

private def answer (env : Environment) (request : Json) : IO Json :=
  match stringField request "op" with
  | "check" => checked env request
  | "judge" =>
    let statement :=
      if hasString request "statement" then some (stringField request "statement") else none
    judge env (stringField request "code") statement (optionsOf request)
  | other => return Json.mkObj [("failure", .str ("unknown request " ++ other))]

private def reply (out : IO.FS.Stream) (request : Json) (body : Json) (start : Nat) :
    IO Unit := do
  let stop ← IO.monoMsNow
  let line := Json.mkObj [("body", body), ("milliseconds", jsonNat (stop - start))]
  out.putStr ("\n" ++ stringField request "token" ++ " " ++ line.compress ++ "\n")
  out.flush

/-- The environments that were made, by the key of their header. -/
private def environmentOf (key : String) : List (String × Environment) → Option Environment
  | [] => none
  | (k, env) :: rest => if k == key then some env else environmentOf key rest

/-- Answer requests until standard input ends. -/
partial def serve (input out : IO.FS.Stream) (made : List (String × Environment)) : IO Unit := do
  let line ← input.getLine
  if line.isEmpty then return ()
  let start ← IO.monoMsNow
  match Json.parse line with
  | .error e => do
    reply out Json.null (Json.mkObj [("failure", .str e)]) start
    serve input out made
  | .ok request =>
    let key := stringField request "header"
    match stringField request "op", environmentOf key made with
    | "import", _ => do
      let result ← try
          let modules := importsOf (arrayField request "modules")
          let env ← importModules (loadExts := true) modules {} 0
          pure (Except.ok env)
        catch e => pure (Except.error (toString e))
      match result with
      | .ok env => do
        let body := Json.mkObj [("version", .str Lean.versionString),
          ("proofs", .bool (hasProofs env))]
        reply out request body start
        serve input out ((key, env) :: made)
      | .error e => do
        reply out request (Json.mkObj [("failure", .str e)]) start
        serve input out made
    | _, none => do
      reply out request (Json.mkObj [("failure", .str "this header was not imported")]) start
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
