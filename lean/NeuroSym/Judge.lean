module
public import NeuroSym.Elaborate
public import NeuroSym.Forbidden
public import NeuroSym.Statement

/-!
# The judge: does this code prove this statement?

It answers with the first thing that is wrong, by name, or with the axioms that the proof rests
on; whether these are allowed is decided by whoever asks.
-/

public section

open Lean

namespace NeuroSym

/-- Whether a term mentions `sorryAx`. -/
private partial def mentionsSorry (names : Array Name) (i : Nat := 0) : Bool :=
  if i < names.size then names.getD i .anonymous == `sorryAx || mentionsSorry names (i + 1)
  else false

/-- The theorems of an environment, beyond its imports, from index `i` on. -/
private partial def theoremsIn (data : ModuleData) (onlySorry : Bool) (i : Nat := 0)
    (done : Array Name := #[]) : Array Name :=
  if h : i < data.constants.size then
    match data.constants[i] with
    | .thmInfo v =>
      if !onlySorry || mentionsSorry v.value.getUsedConstants then
        theoremsIn data onlySorry (i + 1) (done.push v.name)
      else theoremsIn data onlySorry (i + 1) done
    | _ => theoremsIn data onlySorry (i + 1) done
  else done

private partial def auditAll (header result : Environment) (names : Array Name) (i : Nat)
    (done : Audit) : Audit :=
  if i < names.size then
    auditAll header result names (i + 1)
      (audit header result (names.getD i .anonymous) (some done))
  else done

private def verdict (tag detail : String) (rest : List (String × Json)) : Json :=
  Json.mkObj (("tag", .str tag) :: ("detail", .str detail) :: rest)

private def audited (names : Array Name) (a : Audit) (rest : List (String × Json)) : Json :=
  let rest := ("axioms", jsonNames a.axioms) :: ("declared", jsonNames a.declared)
    :: ("replayed", jsonNat a.replayed) :: ("theorems", jsonNames names) :: rest
  match a.failure with
  | some why => verdict "kernel" why rest
  | none => verdict "proof" "" rest

/-- Judge code for which no statement is given: all theorems in it. -/
private def judgeAll (header result : Environment) (rest : List (String × Json)) : IO Json := do
  let data ← mkModuleData result
  let names := theoremsIn data false
  if names.size == 0 then return verdict "missing" "there is no theorem in it" rest
  return audited names (auditAll header result names 0 { kernel := header.toKernelEnv }) rest

/-- Judge code against the elaborated statement. -/
private def judgeStatement (header asked given : Environment) (rest : List (String × Json)) :
    IO Json := do
  let data ← mkModuleData asked
  let names := theoremsIn data true
  if names.size == 0 then return verdict "no_statement" "there is no theorem to prove in it" rest
  else if names.size > 1 then
    return verdict "no_statement" "there is more than one theorem to prove in it" rest
  else
    let name := names.getD 0 .anonymous
    match statementProblem { header, asked, given } name with
    | some (tag, detail) => return verdict tag detail rest
    | none => return audited names (audit header given name) rest

/-- Judge code, against the environment of the elaborated statement if there is one. -/
private def judgeCode (header : Environment) (code : String) (asked : Option Environment)
    (options : Options) : IO Json := do
  let state ← elaborate header code options
  let found ← jsonMessages (messages state)
  let refusal := refused state.commands
  let rest := [("messages", found), ("ran", .bool refusal.isSome)]
  match refusal, hasErrors (messages state), asked with
  | _, true, _ => return verdict "error" "" rest
  | some why, _, _ => return verdict why.tag why.word rest
  | none, _, some env => judgeStatement header env state.commandState.env rest
  | none, _, none => judgeAll header state.commandState.env rest

/-- Judge `code`, and that it proves `statement` (a theorem whose proof is `sorry`) if there is one.

The tags: `ill_formed_statement`, `no_statement`, `error`, `program`, `unsafe`, `axiom`, `missing`,
`not_theorem`, `statement`, `kernel`, and `proof` where all of these are passed. -/
def judge (header : Environment) (code : String) (statement : Option String)
    (options : Options) : IO Json := do
  let asked ← match statement with
    | some text => do
      let state ← elaborate header text options
      pure (some state)
    | none => pure none
  match asked with
  | some state => do
    let found ← jsonMessages (messages state)
    match refused state.commands with
    | some why =>
      return verdict why.tag ("in the statement, " ++ why.word)
        [("messages", found), ("ran", .bool true)]
    | none =>
      if hasErrors (messages state) then
        return verdict "ill_formed_statement" "" [("messages", found), ("ran", .bool false)]
      else judgeCode header code (some state.commandState.env) options
  | none => judgeCode header code none options

end NeuroSym
