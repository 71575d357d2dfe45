module
public import Lean.Compiler.CSimpAttr
public import Lean.Meta.Tactic.Ext
public import Lean.Meta.Tactic.Grind.Attr
public import Lean.Meta.Tactic.Simp.SimpCongrTheorems
public import NeuroSym.Json

/-!
# Which attributes declarations have

Each module keeps what it added to each of Lean's tables. Those of the attributes that say how
automation uses a declaration are read here; who has an attribute may be said in any module.

Lean keeps the entries without their types, so what is in a table is known by the table's name.
-/

public section

open Lean Meta

namespace NeuroSym

/-! ## Tables -/

/-- How the entries of a table are read. -/
private inductive Reading where
  | names | pairs | reducibility | simp | grind | ext | instances | congr | csimp | keyed

/-- The tables that are read, with the attribute that fills each and the kind of its entries. -/
private def readingOf (table : Name) : Option (String × Reading) :=
  match table with
  | `Lean.Meta.simpExtension => some ("simp", .simp)
  | `Lean.Meta.NormCast.normCastExt.up => some ("norm_cast", .simp)
  | `Lean.Meta.NormCast.normCastExt.down => some ("norm_cast", .simp)
  | `Lean.Meta.NormCast.normCastExt.squash => some ("norm_cast", .simp)
  | `Lean.Meta.NormCast.pushCastExt => some ("push_cast", .simp)
  | `Lean.Elab.Tactic.BVDecide.Frontend.bvNormalizeExt => some ("bv_normalize", .simp)
  | `Lean.Elab.Tactic.BVDecide.Frontend.intToBitVecExt => some ("int_toBitVec", .simp)
  | `Lean.Meta.Grind.grindExt => some ("grind", .grind)
  | `Lean.Meta.Ext.extExtension => some ("ext", .ext)
  | `Lean.Meta.instanceExtension => some ("instance", .instances)
  | `Lean.Meta.congrExtension => some ("congr", .congr)
  | `Lean.Compiler.CSimp.ext => some ("csimp", .csimp)
  | `Lean.Meta.Symm.symmExt => some ("symm", .keyed)
  | `Lean.Meta.Rfl.reflExt => some ("refl", .keyed)
  | `Lean.Meta.Monotonicity.monotoneExt => some ("partial_fixpoint_monotone", .keyed)
  | `reducibilityCore => some ("", .reducibility)
  | `Lean.Linter.deprecatedAttr => some ("deprecated", .pairs)
  | `Lean.defeqAttr => some ("defeq", .names)
  | `Lean.Elab.Term.elabAsElim => some ("elab_as_elim", .names)
  | _ => none

private def anonymousName : Name := .anonymous

private def simpName : SimpEntry → Name
  | .thm t => match t.origin with
    | .decl name _ _ => name
    | _ => anonymousName
  | .toUnfold name => name
  | .toUnfoldThms name _ => name

private def grindName : Grind.Entry → String × Name
  | .ext name => ("grind ext", name)
  | .funCC name => ("grind funCC", name)
  | .cases name _ => ("grind cases", name)
  | .ematch t => match t.origin with
    | .decl name => ("grind", name)
    | _ => ("grind", anonymousName)
  | .inj t => match t.origin with
    | .decl name => ("grind inj", name)
    | _ => ("grind inj", anonymousName)

private def instanceName (entry : InstanceEntry) : Name :=
  match entry.globalName? with
  | some name => name
  | none => anonymousName

private def statusName : ReducibilityStatus → String
  | .reducible => "reducible"
  | .irreducible => "irreducible"
  | .semireducible => ""

private unsafe def givenUnsafe (label : String) (reading : Reading)
    (entry : EnvExtensionEntry) : String × Name :=
  match reading with
  | .names =>
    let name : Name := unsafeCast entry
    (label, name)
  | .pairs =>
    let pair : Name × EnvExtensionEntry := unsafeCast entry
    (label, pair.1)
  | .reducibility =>
    let pair : Name × ReducibilityStatus := unsafeCast entry
    (statusName pair.2, pair.1)
  | .simp =>
    let e : ScopedEnvExtension.Entry SimpEntry := unsafeCast entry
    match e with
    | .global e => (label, simpName e)
    | .scoped _ e => ("scoped " ++ label, simpName e)
  | .grind =>
    let e : ScopedEnvExtension.Entry Grind.Entry := unsafeCast entry
    match e with
    | .global e => grindName e
    | .scoped _ e => ("scoped " ++ (grindName e).1, (grindName e).2)
  | .ext =>
    let e : ScopedEnvExtension.Entry Ext.ExtTheorem := unsafeCast entry
    match e with
    | .global e => (label, e.declName)
    | .scoped _ e => ("scoped " ++ label, e.declName)
  | .instances =>
    let e : ScopedEnvExtension.Entry InstanceEntry := unsafeCast entry
    match e with
    | .global e => (label, instanceName e)
    | .scoped _ e => ("scoped " ++ label, instanceName e)
  | .congr =>
    let e : ScopedEnvExtension.Entry SimpCongrTheorem := unsafeCast entry
    match e with
    | .global e => (label, e.theoremName)
    | .scoped _ e => ("scoped " ++ label, e.theoremName)
  | .csimp =>
    let e : ScopedEnvExtension.Entry Compiler.CSimp.Entry := unsafeCast entry
    match e with
    | .global e => (label, e.thmName)
    | .scoped _ e => ("scoped " ++ label, e.thmName)
  | .keyed =>
    let e : ScopedEnvExtension.Entry (Name × EnvExtensionEntry) := unsafeCast entry
    match e with
    | .global e => (label, e.1)
    | .scoped _ e => ("scoped " ++ label, e.1)

/-- The attribute that an entry gives, and to whom; one that holds only where a namespace is open
is called scoped. -/
@[implemented_by givenUnsafe]
private def given (_ : String) (_ : Reading) (_ : EnvExtensionEntry) : String × Name :=
  ("", .anonymous)

private partial def givenByTable (label : String) (reading : Reading)
    (entries : Array EnvExtensionEntry) (i : Nat) (done : Array Json) : Array Json :=
  if h : i < entries.size then
    let one := given label reading entries[i]
    let done := if one.1 == "" || one.2.isAnonymous then done
      else done.push (.arr #[.str one.1, .str one.2.toString])
    givenByTable label reading entries (i + 1) done
  else done

private partial def givenByModule (tables : Array (Name × Array EnvExtensionEntry)) (i : Nat)
    (done : Array Json) : Array Json :=
  if h : i < tables.size then
    let table := tables[i]
    let done := match readingOf table.1 with
      | some (label, reading) => givenByTable label reading table.2 0 done
      | none => done
    givenByModule tables (i + 1) done
  else done

/-- All pairs of an attribute and a declaration that has it, as far as the modules say. -/
partial def jsonAttributes (env : Environment) (i : Nat := 0) (done : Array Json := #[]) : Json :=
  if h : i < env.header.moduleData.size then
    jsonAttributes env (i + 1) (givenByModule env.header.moduleData[i].entries 0 done)
  else .arr done

/-! ## What is said of declarations -/

private unsafe def docUnsafe (entry : EnvExtensionEntry) : Json :=
  let pair : Name × String := unsafeCast entry
  .arr #[.str pair.1.toString, .str pair.2]

@[implemented_by docUnsafe]
private def docOf (_ : EnvExtensionEntry) : Json := .null

private unsafe def placeUnsafe (entry : EnvExtensionEntry) : Json :=
  let pair : Name × DeclarationRanges := unsafeCast entry
  .arr #[.str pair.1.toString, jsonNat pair.2.range.pos.line, jsonNat pair.2.range.pos.column]

@[implemented_by placeUnsafe]
private def placeOf (_ : EnvExtensionEntry) : Json := .null

private partial def entriesOf (tables : Array (Name × Array EnvExtensionEntry)) (name : Name)
    (i : Nat := 0) : Array EnvExtensionEntry :=
  if h : i < tables.size then
    let table := tables[i]
    if table.1 == name then table.2 else entriesOf tables name (i + 1)
  else #[]

private partial def jsonDocEntries (entries : Array EnvExtensionEntry) (i : Nat := 0)
    (done : Array Json := #[]) : Json :=
  if h : i < entries.size then jsonDocEntries entries (i + 1) (done.push (docOf entries[i]))
  else .arr done

private partial def jsonPlaceEntries (entries : Array EnvExtensionEntry) (i : Nat := 0)
    (done : Array Json := #[]) : Json :=
  if h : i < entries.size then jsonPlaceEntries entries (i + 1) (done.push (placeOf entries[i]))
  else .arr done

/-- The docstrings in a module: pairs of a declaration and a text. -/
def jsonDocs (data : ModuleData) : Json := jsonDocEntries (entriesOf data.entries `Lean.docStringExt)

/-- Where a module's declarations are: the name, the line from 1, the column from 0. -/
def jsonPlaces (data : ModuleData) : Json :=
  jsonPlaceEntries (entriesOf data.entries `Lean.declRangeExt)

end NeuroSym
