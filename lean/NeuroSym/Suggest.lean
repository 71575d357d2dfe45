module
public meta import Lean.Elab.Tactic.Basic
public meta import Lean.Meta.Tactic.TryThis

/-!
# `neurosym?`: a tactic that ends the goal, found by trying

Core tactics are tried one after the other, each undone again, and the first that ends the goal is
suggested. All of it was run: what is suggested works where it stands.

Every context and state is handed on by name, since the embedded Lean finds no function of this
package that is a value (see `NeuroSym.Json`).
-/

-- Some interpreters cannot find a closed term that was lifted out of a macro.
set_option compiler.extract_closed false

public meta section

open Lean Elab

namespace NeuroSym

/-- Suggests a tactic that ends the main goal, and ends it so: `Try this: omega`.

Only core tactics are tried; `neurosym project prove` looks further, and at the statement's
negation. -/
syntax (name := neurosymSuggest) "neurosym?" : tactic

/-- What is tried, the cheap ones first. -/
def suggestions : List String :=
  ["rfl", "assumption", "decide", "omega", "simp", "simp_all", "grind", "constructor <;> grind",
   "intros; omega", "intros; simp_all", "intros; grind"]

/-- The states that a tactic works in. -/
structure Place where
  context : Tactic.Context
  state : IO.Ref Tactic.State
  termContext : Term.Context
  termState : IO.Ref Term.State
  metaContext : Meta.Context
  metaState : IO.Ref Meta.State
  coreContext : Core.Context
  coreState : IO.Ref Core.State

/-- The first of the tactics that ends a goal, which is ended then. -/
partial def firstEnding (at_ : Place) (goal : MVarId) : List String → BaseIO (Option String)
  | [] => return none
  | text :: rest => do
    let state ← at_.state.get
    let term ← at_.termState.get
    let meta_ ← at_.metaState.get
    let core ← at_.coreState.get
    match Parser.runParserCategory core.env `tactic ("(" ++ text ++ ")") "<neurosym>" with
    | .error _ => firstEnding at_ goal rest
    | .ok parsed => do
      at_.state.set { goals := goal :: [] }
      let result ← (Tactic.evalTactic parsed at_.context at_.state at_.termContext at_.termState
        at_.metaContext at_.metaState at_.coreContext at_.coreState).toBaseIO
      let left ← at_.state.get
      match result, left.goals with
      | .ok _, [] => return some text
      | _, _ => do
        at_.state.set state
        at_.termState.set term
        at_.metaState.set meta_
        at_.coreState.set core
        firstEnding at_ goal rest

@[tactic neurosymSuggest, inherit_doc neurosymSuggest]
def evalNeurosymSuggest : Tactic.Tactic := fun stx c s tc ts mc ms cc cs => do
  let before ← s.get
  match before.goals with
  | [] => throw (Exception.error stx "no goals to be proved")
  | goal :: rest => do
    -- What fails is to fail, not to be reported with the goal given up for it.
    let found ← firstEnding ⟨{ c with recover := false }, s, { tc with errToSorry := false }, ts,
      mc, ms, cc, cs⟩ goal suggestions
    match found with
    | some text => do
      s.set { goals := rest }
      (Meta.Tactic.TryThis.addSuggestion stx { suggestion := .string text } : MetaM Unit) mc ms cc cs
    | none => throw (Exception.error stx
        "no core tactic ends the goal: `neurosym project prove` looks further")

end NeuroSym
