module
public import Lean.Meta.CompletionName
public import NeuroSym.Elaborate

/-!
# Declarations as others see them

What a declaration is, its type as Lean prints it, and the declarations named in it.
-/

public section

open Lean

namespace NeuroSym

private def kindName : ConstantKind → String
  | .defn => "definition"
  | .thm => "theorem"
  | .axiom => "axiom"
  | .opaque => "opaque"
  | .quot => "quotient"
  | .induct => "inductive"
  | .ctor => "constructor"
  | .recursor => "recursor"

def kindOf (env : Environment) (info : ConstantInfo) : String :=
  match info with
  | .defnInfo _ => "definition"
  | .thmInfo _ => "theorem"
  | .opaqueInfo _ => "opaque"
  | .quotInfo _ => "quotient"
  | .inductInfo _ => "inductive"
  | .ctorInfo _ => "constructor"
  | .recInfo _ => "recursor"
  | .axiomInfo v =>
    match getOriginalConstKind? env v.name with
    | some kind => kindName kind
    | none => "axiom"

/-- Why a declaration is none that a proof would name; `""` if it is one. -/
def omitted (env : Environment) (name : Name) : String :=
  if isPrivateName name then "private"
  else if name.isInternalDetail then "internal"
  else if Meta.isMatcherCore env name then "matcher"
  else if isAuxRecursor env name || isNoConfusion env name then "recursion"
  else if isReservedName env name then "reserved"
  else if !Meta.allowCompletion env name then "hidden"
  else ""

/-- Whether a declaration is named as itself; `private_`: somebody's private one, too. -/
private def isNamed (env : Environment) (private_ : Bool) (name : Name) : Bool :=
  let why := omitted env name
  why == "" || (private_ && why == "private" &&
    match privateToUserName? name with
    | some own => !own.isInternalDetail && !Meta.isMatcherCore env name
    | none => false)

mutual

/-- The declarations among `names`, from index `i` on; one that is omitted stands for what it is
made of. -/
private partial def addNamed (env : Environment) (private_ : Bool) (names : Array Name) (i : Nat)
    (found : NameSet × Array Json) : NameSet × Array Json :=
  if h : i < names.size then
    addNamed env private_ names (i + 1) (addOne env private_ names[i] found)
  else found

private partial def addOne (env : Environment) (private_ : Bool) (name : Name) (found : NameSet × Array Json) :
    NameSet × Array Json :=
  if found.1.contains name then found
  else
    let seen := found.1.insert name
    if isNamed env private_ name then (seen, found.2.push (.str name.toString))
    else
      match env.find? name with
      | none => (seen, found.2)
      | some info =>
        let found := addNamed env private_ info.type.getUsedConstants 0 (seen, found.2)
        match info.value? (allowOpaque := true) with
        | some value => addNamed env private_ value.getUsedConstants 0 found
        | none => found

end

private def named (env : Environment) (private_ : Bool) (e : Expr) : Json :=
  .arr (addNamed env private_ e.getUsedConstants 0 ({}, #[])).2

private def printed (env : Environment) (type : Expr) : IO String := do
  let shown ← ppExprWithInfos { env } type
  return shown.fmt.pretty 1000000

/-- A declaration: its name, kind and type, and the declarations named in its type and its value.
What is private is named only if `private_` says so, else what it is made of. -/
def described (env : Environment) (private_ : Bool) (info : ConstantInfo) : IO Json := do
  let statement ← printed env info.type
  let proof := match info.value? (allowOpaque := true) with
    | some value => named env private_ value
    | none => Json.null
  return .arr #[.str info.name.toString, .str (kindOf env info), .str statement,
    named env private_ info.type, proof]

end NeuroSym
