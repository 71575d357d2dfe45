module
public import NeuroSym.Import

/-!
# Requests and answers of our programs

One JSON object a line comes in on standard input, and one line an object goes out on standard
output. The request `import` makes the environment of a header, under a key; each other request
names such a key.

Whatever Lean or the code under check prints goes to the same output, so each answer's line
begins with the token of its request, which that code has no way to know.
-/

public section

open Lean

namespace NeuroSym

/-- The environment of the modules that a request names, or what Lean says where there is none. -/
def imported (request : Json) : IO (Except String Environment) := do
  try
    let modules := importsOf (arrayField request "modules")
    let env ← importModules (loadExts := true) modules {} 0
    pure (Except.ok env)
  catch e => pure (Except.error (toString e))

/-- Answer a request that came at `start`. -/
def reply (out : IO.FS.Stream) (request : Json) (body : Json) (start : Nat) : IO Unit := do
  let stop ← IO.monoMsNow
  let line := Json.mkObj [("body", body), ("milliseconds", jsonNat (stop - start))]
  out.putStr ("\n" ++ stringField request "token" ++ " " ++ line.compress ++ "\n")
  out.flush

/-- Answer that a request cannot be answered. -/
def replyFailure (out : IO.FS.Stream) (request : Json) (why : String) (start : Nat) : IO Unit :=
  reply out request (Json.mkObj [("failure", .str why)]) start

/-- The environments that were made, by the key of their header. -/
def environmentOf (key : String) : List (String × Environment) → Option Environment
  | [] => none
  | (k, env) :: rest => if k == key then some env else environmentOf key rest

end NeuroSym
