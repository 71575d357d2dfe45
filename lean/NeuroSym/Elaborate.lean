module
public import Lean.Elab.Frontend
public import NeuroSym.Json

/-!
# Elaborating text in a given environment

Every text starts from the same environment, that of the import header, so no request sees the
declarations of another.
-/

public section

open Lean Elab

namespace NeuroSym

/-- The most messages that are reported for one text. -/
def maxMessages : Nat := 200

/-- The most bytes that are reported of one message. -/
def maxMessageBytes : Nat := 20000

/-- Elaborate `text` as the rest of a file whose header made `env`. -/
def elaborate (env : Environment) (text : String) (options : Options := {}) :
    IO Frontend.State := do
  let input : Parser.InputContext :=
    { inputString := text, fileName := "<input>", fileMap := FileMap.ofString text,
      endPos := text.rawEndPos, endPos_valid := by simp }
  IO.processCommands input {} (Command.mkState env {} options)

/-- The messages of a finished elaboration, oldest first. -/
def messages (state : Frontend.State) : List Message := state.commandState.messages.toList

/-- Whether a message is an error. -/
def isError (message : Message) : Bool :=
  match message.severity with
  | .error => true
  | _ => false

/-- Whether one of the messages is an error. -/
def hasErrors : List Message → Bool
  | [] => false
  | m :: rest => isError m || hasErrors rest

private def severityName : MessageSeverity → String
  | .error => "error"
  | .warning => "warning"
  | .information => "info"

private def jsonPosition (p : Position) : List (String × Json) :=
  [("line", jsonNat p.line), ("column", jsonNat p.column)]

/-- A place in a text: the line from 1, the column from 0, in code points. -/
def jsonPlace (p : Position) : Json := Json.mkObj (jsonPosition p)

private def cut (text : String) : String :=
  if text.utf8ByteSize ≤ maxMessageBytes then text
  else String.Pos.Raw.extract text 0 ⟨maxMessageBytes⟩ ++ "…"

/-- One message: its severity, text and position (line from 1, column from 0, in code points). -/
def jsonMessage (m : Message) : IO Json := do
  let text ← m.data.toString
  let start := jsonPosition m.pos
  let end_ := match m.endPos with
    | some p => jsonPlace p
    | none => Json.null
  let head := [("severity", .str (severityName m.severity)), ("text", .str (cut text)),
    ("end", end_)]
  match start with
  | line :: column :: _ => return Json.mkObj (line :: column :: head)
  | _ => return Json.mkObj head

/-- The first `maxMessages` messages; errors beyond that still count as errors elsewhere. -/
def jsonMessages : List Message → (left : Nat := maxMessages) → (done : Array Json := #[]) → IO Json
  | [], _, done => return .arr done
  | _ :: _, 0, done => return .arr done
  | m :: rest, left + 1, done => do
    let one ← jsonMessage m
    jsonMessages rest left (done.push one)

end NeuroSym
