module
public import Lean.Elab.InfoTree.Main
public import NeuroSym.Elaborate

/-!
# What Lean notes while it elaborates

The trees of notes, flattened: each tactic that was run, each `sorry` that stands for a term, and
each constant that is named.
-/

public section

open Lean Elab

namespace NeuroSym

/-- A note, and in which context it was made. -/
structure Note where
  ctx : ContextInfo
  info : Info

/-- The constant that a term is, where somebody wrote its name. -/
def constantOf (info : TermInfo) : Option Name :=
  match info.stx, info.expr with
  | .ident (.original _ _ _ _) _ _ _, .const name _ => some name
  | _, _ => none

/-- Whether a note is kept: what a tactic did, a `sorry` in the place of a term, or a constant. -/
private def isKept (info : Info) : Bool :=
  match info with
  | .ofTacticInfo _ => true
  | .ofTermInfo i =>
    i.stx.getKind == `Lean.Parser.Term.sorry ||
      match constantOf i with
      | some _ => true
      | none => false
  | _ => false

private def keep (ctx : Option ContextInfo) (info : Info) (found : List Note) : List Note :=
  match ctx with
  | some ctx => if isKept info then { ctx, info } :: found else found
  | none => found

mutual

/-- The notes of a tree, in front of those before it: the last comes first. -/
private partial def notesOf (ctx : Option ContextInfo) (tree : InfoTree) (found : List Note) :
    List Note :=
  match tree with
  | .context part inner => notesOf (part.mergeIntoOuter? ctx) inner found
  | .hole _ => found
  | .node info children =>
    let inner := info.updateContext? ctx
    notesAmong inner children.tail 0 (notesBelow inner children.root (keep ctx info found))

private partial def notesBelow (ctx : Option ContextInfo) (node : PersistentArrayNode InfoTree)
    (found : List Note) : List Note :=
  match node with
  | .leaf trees => notesAmong ctx trees 0 found
  | .node nodes => notesBelowAll ctx nodes 0 found

private partial def notesBelowAll (ctx : Option ContextInfo)
    (nodes : Array (PersistentArrayNode InfoTree)) (i : Nat) (found : List Note) : List Note :=
  if h : i < nodes.size then notesBelowAll ctx nodes (i + 1) (notesBelow ctx nodes[i] found)
  else found

private partial def notesAmong (ctx : Option ContextInfo) (trees : Array InfoTree) (i : Nat)
    (found : List Note) : List Note :=
  if h : i < trees.size then notesAmong ctx trees (i + 1) (notesOf ctx trees[i] found) else found

end

private def inOrder : List Note → List Note → List Note
  | [], done => done
  | one :: rest, done => inOrder rest (one :: done)

/-- All that is kept of an elaborated text, in the order in which it began. -/
def notes (state : Frontend.State) : List Note :=
  let trees := state.commandState.infoState.trees
  inOrder (notesAmong none trees.tail 0 (notesBelow none trees.root [])) []

end NeuroSym
