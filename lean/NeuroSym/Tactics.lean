module
public import Lean.Elab.Tactic.Basic
public import NeuroSym.Axioms
public import NeuroSym.Trees

/-!
# Tactics and their states

What each tactic of a text found and left, and running other tactics where one stands: the text
before it is not elaborated again.
-/

public section

open Lean Elab

namespace NeuroSym

/-- A tactic that was run: its place, and the goals before and after it. -/
structure Step where
  ctx : ContextInfo
  info : TacticInfo
  start : Position
  stop : Position

/-- Syntax that gathers tactics or is a part of one, but is none itself. -/
private def isPart (kind : SyntaxNodeKind) : Bool :=
  match kind with
  | `null | `Lean.Parser.Tactic.tacticSeq | `Lean.Parser.Tactic.tacticSeq1Indented
  | `Lean.Parser.Tactic.tacticSeqBracketed | `Lean.Parser.Term.byTactic
  | `Lean.cdotTk | `Lean.Parser.Tactic.rwRule | `Lean.Parser.Tactic.inductionAlt
  | `Lean.Parser.Tactic.inductionAlts | `Lean.Parser.Term.hole => true
  | .str .anonymous _ => true  -- a word, such as `by`
  | _ => false

/-- Whether somebody wrote it, and no macro made it. -/
private def isOriginal (stx : Syntax) : Bool :=
  match stx.getHeadInfo with
  | .original _ _ _ _ => true
  | _ => false

private def stepOf (note : Note) : Option Step :=
  match note.info with
  | .ofTacticInfo info =>
    if isPart info.stx.getKind || !isOriginal info.stx then none
    else
      match info.stx.getPos?, info.stx.getTailPos? with
      | some first, some last =>
        some { ctx := note.ctx, info, start := note.ctx.fileMap.toPosition first,
               stop := note.ctx.fileMap.toPosition last }
      | _, _ => none
  | _ => none

/-- The tactics among notes. -/
def stepsOf : List Note → Array Step → Array Step
  | [], done => done
  | note :: rest, done =>
    match stepOf note with
    | some step => stepsOf rest (done.push step)
    | none => stepsOf rest done

/-- The constants that are named in a text, each with its place. -/
partial def jsonNamed : List Note → Array Json → Array Json
  | [], done => done
  | note :: rest, done =>
    match note.info with
    | .ofTermInfo i =>
      match constantOf i, i.stx.getPos?, i.stx.getTailPos? with
      | some name, some first, some last =>
        jsonNamed rest (done.push (Json.mkObj [("name", .str name.toString),
          ("pos", jsonPlace (note.ctx.fileMap.toPosition first)),
          ("end", jsonPlace (note.ctx.fileMap.toPosition last))]))
      | _, _, _ => jsonNamed rest done
    | _ => jsonNamed rest done

private def printedGoals (ctx : ContextInfo) (mctx : MetavarContext) : List MVarId → IO String
  | [] => return ""
  | goals => do
    let shown ← ContextInfo.ppGoals { ctx with mctx := mctx } goals
    return shown.pretty

/-- The steps from index `i` to `stop`, each with both of its states as Lean prints them. -/
partial def jsonSteps (steps : Array Step) (i stop : Nat) (done : Array Json := #[]) :
    IO (Array Json) := do
  if h : i < steps.size then
    if i < stop then
      let one := steps[i]
      let before ← printedGoals one.ctx one.info.mctxBefore one.info.goalsBefore
      let after ← printedGoals one.ctx one.info.mctxAfter one.info.goalsAfter
      let kind := one.info.stx.getKind.toString
      jsonSteps steps (i + 1) stop (done.push (Json.mkObj [("index", jsonNat i),
        ("pos", jsonPlace one.start), ("end", jsonPlace one.stop), ("kind", .str kind),
        ("before", .str before), ("after", .str after)]))
    else return done
  else return done

/-! ## Running -/

/-- What a run left: its goals, and what it says where it fails. -/
structure Ran where
  ctx : ContextInfo
  goals : List MVarId := []
  error : String := ""
  said : List Message := []

private def coreContext (ctx : ContextInfo) (heartbeats start : Nat) : Core.Context :=
  { fileName := "<input>", fileMap := ctx.fileMap, options := ctx.options,
    currNamespace := ctx.currNamespace, openDecls := ctx.openDecls,
    initHeartbeats := start, maxHeartbeats := heartbeats * 1000,
    maxRecDepth := 1000 }

/-- Which names are never bound by themselves: none. The embedded Lean finds no function of this
package that is a value, so the main file hands it in. -/
abbrev Forbidden := Name → Bool

private def failureOf : Except Exception Unit → IO String
  | .ok _ => return ""
  | .error e => do
    let text ← e.toMessageData.toString
    return if text == "" then "it fails" else text

/-- Run a tactic on goals of a context. -/
def runTactic (free : Forbidden) (ctx : ContextInfo) (goals : List MVarId) (stx : Syntax)
    (heartbeats : Nat) : IO Ran := do
  let now ← IO.getNumHeartbeats
  let core ← IO.mkRef ({ env := ctx.env, ngen := ctx.ngen } : Core.State)
  let meta_ ← IO.mkRef ({ mctx := ctx.mctx } : Meta.State)
  let term ← IO.mkRef ({} : Term.State)
  let tactic ← IO.mkRef ({ goals := goals } : Tactic.State)
  let context := coreContext ctx heartbeats now
  let result ← (Tactic.evalTactic stx { elaborator := .anonymous } tactic
    { autoBoundImplicitForbidden := free } term {} meta_ context core).toBaseIO
  let failure ← failureOf result
  let left ← meta_.get
  let state ← core.get
  let open_ ← tactic.get
  let after := { ctx with mctx := left.mctx, env := state.env }
  return { ctx := after, goals := open_.goals, error := failure, said := state.messages.toList }

/-- Run a step's own tactic again where it was run, and show what comes of it. -/
def replayStep (free : Forbidden) (step : Step) (heartbeats : Nat) : IO Json := do
  let ctx := { step.ctx with mctx := step.info.mctxBefore }
  let ran ← runTactic free ctx step.info.goalsBefore step.info.stx heartbeats
  let after ← printedGoals ran.ctx ran.ctx.mctx ran.goals
  return Json.mkObj [("error", .str ran.error), ("after", .str after)]

private partial def addSaid : List Message → Array Json → IO (Array Json)
  | [], done => return done
  | m :: rest, done => do
    let one ← jsonMessage m
    addSaid rest (done.push one)

/-- Whether a goal is met by a term without `sorry`. -/
private def isMet (mctx : MetavarContext) (goal : MVarId) : Bool :=
  let term := (instantiateMVarsCore mctx (.mvar goal)).1
  !term.hasExprMVar && !(term.hasSorry)

private def isNone : List MVarId → Bool
  | [] => true
  | _ => false

private def areMet (mctx : MetavarContext) : List MVarId → Bool
  | [] => true
  | goal :: rest => isMet mctx goal && areMet mctx rest

private partial def variablesOf (lctx : LocalContext) (all : Array Expr) (i : Nat)
    (done : Array Expr) : Array Expr :=
  if h : i < all.size then
    match lctx.find? all[i].fvarId! with
    | some decl =>
      if decl.isImplementationDetail then variablesOf lctx all (i + 1) done
      else variablesOf lctx all (i + 1) (done.push all[i])
    | none => variablesOf lctx all (i + 1) done
  else done

/-- The goal that a goal is false: the negation of it for all that stands in front of it. -/
def negated (ctx : ContextInfo) (goal : MVarId) : Option (ContextInfo × MVarId) :=
  match ctx.mctx.findDecl? goal with
  | some decl =>
    let type := (instantiateMVarsCore ctx.mctx decl.type).1
    let closed := decl.lctx.mkForall (variablesOf decl.lctx decl.lctx.getFVars 0 #[]) type
    let closed := (instantiateMVarsCore ctx.mctx closed).1
    if closed.hasExprMVar || closed.hasFVar then none
    else
      let name : MVarId := { name := `neurosym_negation }
      let mctx := ctx.mctx.addExprMVarDecl name .anonymous {} #[] (mkNot closed)
      some ({ ctx with mctx := mctx }, name)
  | none => none

private def axiomsBehind (env : Environment) (mctx : MetavarContext) :
    List MVarId → (done : Array Json := #[]) → Array Json
  | [], done => done
  | goal :: rest, done =>
    let term := (instantiateMVarsCore mctx (.mvar goal)).1
    axiomsBehind env mctx rest (done.push (jsonNames (axiomsOfTerm env term)))

/-- The tactics of a request, each run by itself on the same goals. -/
partial def tryTactics (free : Forbidden) (ctx : ContextInfo) (goals : List MVarId)
    (given : Array Json) (heartbeats : Nat) (i : Nat := 0) (done : Array Json := #[]) : IO (Array Json) := do
  if h : i < given.size then
    let text := match given[i] with
      | .str text => text
      | _ => ""
    match Parser.runParserCategory ctx.env `tactic text "<tactic>" with
    | .error e =>
      tryTactics free ctx goals given heartbeats (i + 1)
        (done.push (Json.mkObj [("error", .str e)]))
    | .ok stx => do
      let start ← IO.monoMsNow
      let ran ← runTactic free ctx goals stx heartbeats
      let stop ← IO.monoMsNow
      let after ← printedGoals ran.ctx ran.ctx.mctx ran.goals
      let said ← addSaid ran.said #[]
      let closed := ran.error == "" && isNone ran.goals && areMet ran.ctx.mctx goals
      let axioms := if closed then axiomsBehind ran.ctx.env ran.ctx.mctx goals else #[]
      tryTactics free ctx goals given heartbeats (i + 1) (done.push (Json.mkObj [
        ("error", .str ran.error), ("after", .str after), ("closed", .bool closed),
        ("axioms", .arr axioms),
        ("messages", .arr said), ("milliseconds", jsonNat (stop - start))]))
  else return done

end NeuroSym
