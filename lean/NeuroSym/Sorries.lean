module
public import NeuroSym.Trees

/-!
# Places that are not proved

What stands in the place of a proof: each `sorry` that was elaborated, as a tactic or as a term,
with the goal that it leaves open.
-/

public section

open Lean Elab

namespace NeuroSym

/-- One `sorry`: its place in the text, the goal as Lean prints it, and whether it is a term. -/
structure Hole where
  start : Position
  stop : Position
  goal : String
  term : Bool

private def holeOf (ctx : ContextInfo) (stx : Syntax) (goal : String) (term : Bool) :
    Option Hole :=
  match stx.getPos?, stx.getTailPos? with
  | some first, some last =>
    some { start := ctx.fileMap.toPosition first, stop := ctx.fileMap.toPosition last, goal, term }
  | _, _ => none

/-- The goal of a term: what is wanted there, under the names that it may use. -/
private def termGoal (ctx : ContextInfo) (info : TermInfo) : IO String :=
  match info.expectedType? with
  | some type => do
    let name : MVarId := { name := `neurosym_hole }
    let mctx := ctx.mctx.addExprMVarDecl name .anonymous info.lctx #[] type
    let goal ← ContextInfo.ppGoals { ctx with mctx := mctx } (name :: [])
    return goal.pretty
  | none => return "⊢ ?"

/-- The goal that a tactic works on. -/
def firstOf : List MVarId → List MVarId
  | [] => []
  | goal :: _ => goal :: []

/-- The hole that a note tells of, if it tells of one. -/
private def ownHole (note : Note) : IO (Option Hole) :=
  let ctx := note.ctx
  match note.info with
  | .ofTacticInfo i =>
    if i.stx.getKind == `Lean.Parser.Tactic.tacticSorry then do
      let goal ← ContextInfo.ppGoals { ctx with mctx := i.mctxBefore } (firstOf i.goalsBefore)
      return holeOf ctx i.stx goal.pretty false
    else return none
  | .ofTermInfo i =>
    if i.stx.getKind == `Lean.Parser.Term.sorry then do
      let goal ← termGoal ctx i
      return holeOf ctx i.stx goal true
    else return none
  | _ => return none

private def samePlace (a b : Hole) : Bool :=
  a.start.line == b.start.line && a.start.column == b.start.column

private def isKnown (hole : Hole) : List Hole → Bool
  | [] => false
  | h :: rest => samePlace hole h || isKnown hole rest

private def isLonger (limit : Nat) : List Hole → Bool
  | [] => false
  | _ :: rest => match limit with
    | 0 => true
    | limit + 1 => isLonger limit rest

private def addHole (hole : Hole) (found : List Hole) : List Hole :=
  if isKnown hole found || isLonger (maxMessages - 1) found then found else hole :: found

/-- The holes among notes, in front of those before them: the last comes first. What Lean makes
of a `sorry` stands at its place and is no other. -/
private partial def holesOf (found : List Hole) : List Note → IO (List Hole)
  | [] => return found
  | note :: rest => do
    let own ← ownHole note
    match own with
    | some hole => holesOf (addHole hole found) rest
    | none => holesOf found rest

private def jsonHoles : List Hole → Array Json → Array Json
  | [], done => done
  | h :: rest, done =>
    let one := Json.mkObj [("pos", jsonPlace h.start), ("end", jsonPlace h.stop), ("goal", .str h.goal),
      ("term", .bool h.term)]
    jsonHoles rest (done.push one)

private def reversed : List Hole → List Hole → List Hole
  | [], done => done
  | h :: rest, done => reversed rest (h :: done)

/-- The first `sorry`s of an elaborated text: their places, and the goals that they leave open. -/
def sorries (state : Frontend.State) : IO Json := do
  let found ← holesOf [] (notes state)
  return .arr (jsonHoles (reversed found []) #[])

private partial def namesSorry (names : Array Name) (i : Nat := 0) : Bool :=
  if h : i < names.size then names[i] == `sorryAx || namesSorry names (i + 1) else false

private def restsOnSorry (info : ConstantInfo) : Bool :=
  namesSorry info.type.getUsedConstants ||
    match info with
    | .thmInfo v => namesSorry v.value.getUsedConstants
    | .defnInfo v => namesSorry v.value.getUsedConstants
    | .opaqueInfo v => namesSorry v.value.getUsedConstants
    | _ => false

private partial def anyOnSorry (data : ModuleData) (i : Nat := 0) : Bool :=
  if h : i < data.constants.size then
    restsOnSorry data.constants[i] || anyOnSorry data (i + 1)
  else false

/-- Whether something that the text declares has a `sorry` in it, whatever was said of it. -/
def usesSorry (state : Frontend.State) : IO Bool := do
  let data ← mkModuleData state.commandState.env
  return anyOnSorry data

end NeuroSym
