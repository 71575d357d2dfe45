module
public import Lean.Elab.InfoTree.Main
public import NeuroSym.Elaborate

/-!
# Places that are not proved

What stands in the place of a proof: each `sorry` that was elaborated, as a tactic or as a term,
with the goal that it leaves open. The trees that say so are recorded by Lean anyway.
-/

public section

open Lean Elab

namespace NeuroSym

/-- One `sorry`: its place in the text, and the goal as Lean prints it. -/
structure Hole where
  start : Position
  stop : Position
  goal : String

private def holeOf (ctx : ContextInfo) (stx : Syntax) (goal : String) : Option Hole :=
  match stx.getPos?, stx.getTailPos? with
  | some first, some last =>
    some { start := ctx.fileMap.toPosition first, stop := ctx.fileMap.toPosition last,
           goal := goal }
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
private def firstOf : List MVarId → List MVarId
  | [] => []
  | goal :: _ => goal :: []

/-- The hole that a node stands for, if it is one. -/
private def ownHole (ctx : Option ContextInfo) (info : Info) : IO (Option Hole) :=
  match ctx, info with
  | some c, .ofTacticInfo i =>
    if i.stx.getKind == `Lean.Parser.Tactic.tacticSorry then do
      let goal ← ContextInfo.ppGoals { c with mctx := i.mctxBefore } (firstOf i.goalsBefore)
      return holeOf c i.stx goal.pretty
    else return none
  | some c, .ofTermInfo i =>
    if i.stx.getKind == `Lean.Parser.Term.sorry then do
      let goal ← termGoal c i
      return holeOf c i.stx goal
    else return none
  | _, _ => return none

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

mutual

/-- The holes of a tree, added to those before it. The last comes first. -/
private partial def holesOf (ctx : Option ContextInfo) (tree : InfoTree) (found : List Hole) :
    IO (List Hole) :=
  match tree with
  | .context part inner => holesOf (part.mergeIntoOuter? ctx) inner found
  | .hole _ => return found
  | .node info children => do
    let own ← ownHole ctx info
    match own with
    | some hole => return addHole hole found  -- what Lean makes of a `sorry` is no other
    | none =>
      let root ← holesBelow (info.updateContext? ctx) children.root found
      holesAmong (info.updateContext? ctx) children.tail 0 root

private partial def holesBelow (ctx : Option ContextInfo) (node : PersistentArrayNode InfoTree)
    (found : List Hole) : IO (List Hole) :=
  match node with
  | .leaf trees => holesAmong ctx trees 0 found
  | .node nodes => holesBelowAll ctx nodes 0 found

private partial def holesBelowAll (ctx : Option ContextInfo)
    (nodes : Array (PersistentArrayNode InfoTree)) (i : Nat) (found : List Hole) :
    IO (List Hole) :=
  if h : i < nodes.size then do
    let more ← holesBelow ctx nodes[i] found
    holesBelowAll ctx nodes (i + 1) more
  else return found

private partial def holesAmong (ctx : Option ContextInfo) (trees : Array InfoTree) (i : Nat)
    (found : List Hole) : IO (List Hole) :=
  if h : i < trees.size then do
    let more ← holesOf ctx trees[i] found
    holesAmong ctx trees (i + 1) more
  else return found

end

private def jsonAt (p : Position) : Json :=
  Json.mkObj [("line", jsonNat p.line), ("column", jsonNat p.column)]

private def jsonHoles : List Hole → Array Json → Array Json
  | [], done => done
  | h :: rest, done =>
    let one := Json.mkObj [("pos", jsonAt h.start), ("end", jsonAt h.stop), ("goal", .str h.goal)]
    jsonHoles rest (done.push one)

private def reversed : List Hole → List Hole → List Hole
  | [], done => done
  | h :: rest, done => reversed rest (h :: done)

/-- The first `sorry`s of an elaborated text: their places, and the goals that they leave open. -/
def sorries (state : Frontend.State) : IO Json := do
  let trees := state.commandState.infoState.trees
  let root ← holesBelow none trees.root []
  let found ← holesAmong none trees.tail 0 root
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
