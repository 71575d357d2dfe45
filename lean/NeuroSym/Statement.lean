module
public import NeuroSym.Replay

/-!
# Is it the statement that was asked for?

The statement is elaborated by itself, from the same header, and compared with the submission's
theorem as a kernel term. Every constant of its own that the statement mentions (a definition
before it, an instance, a structure) must mean the same in the submission.
-/

public section

open Lean

namespace NeuroSym

/-- Two elaborations that grew out of one header: of the statement, and of the submission. -/
structure Pair where
  header : Environment
  asked : Environment
  given : Environment

private def levelsOf : List Name → List Level
  | [] => []
  | n :: rest => .param n :: levelsOf rest

/-- `e` with the universe parameters `from_` renamed to `to`. -/
def renameLevels (from_ to : List Name) (e : Expr) : Expr :=
  if sameNames from_ to then e else e.instantiateLevelParams from_ (levelsOf to)

private def sameLevels : List Level → List Level → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && sameLevels as bs
  | _, _ => false

private def sameLength : List Name → List Name → Bool
  | [], [] => true
  | _ :: as, _ :: bs => sameLength as bs
  | _, _ => false

private def sameBinders : BinderInfo → BinderInfo → Bool
  | .default, .default => true
  | .implicit, .implicit => true
  | .strictImplicit, .strictImplicit => true
  | .instImplicit, .instImplicit => true
  | _, _ => false

/-- Whether the binders in front of two equal statements have the same brackets. -/
partial def sameTelescope : Expr → Expr → Bool
  | .mdata _ a, b => sameTelescope a b
  | a, .mdata _ b => sameTelescope a b
  | .forallE _ _ a i, .forallE _ _ b j => sameBinders i j && sameTelescope a b
  | _, _ => true

/-- What the comparison found: the constants seen, and the first that differs. -/
structure Comparison where
  visited : NameSet := {}
  different : Option Name := none

private partial def mentions (names : Array Name) (name : Name) (i : Nat := 0) : Bool :=
  if i < names.size then names.getD i .anonymous == name || mentions names name (i + 1) else false

/-- Whether a name is like those that the elaborator gives to definitions it makes by itself. -/
private def isMade : Name → Bool
  | .str _ last => last.startsWith "match_" || last.startsWith "_proof_"
  | _ => false

private def valueOf (info : ConstantInfo) : Expr :=
  match info.value? (allowOpaque := true) with
  | some value => value
  | none => info.type

mutual

/-- Equality up to the names of bound variables and metadata.

A definition that the elaborator made (`foo.match_1`) may have another name where the same one was
made earlier in the file; then what it stands for is compared, to the ground. -/
partial def sameTerm (pair : Pair) (a b : Expr) : Bool :=
  if a == b then true
  else
    match a, b with
    | .mdata _ a, b => sameTerm pair a b
    | a, .mdata _ b => sameTerm pair a b
    | .app f x, .app g y => sameTerm pair f g && sameTerm pair x y
    | .lam _ t x _, .lam _ u y _ => sameTerm pair t u && sameTerm pair x y
    | .forallE _ t x _, .forallE _ u y _ => sameTerm pair t u && sameTerm pair x y
    | .letE _ t v x _, .letE _ u w y _ =>
      sameTerm pair t u && sameTerm pair v w && sameTerm pair x y
    | .proj s i x, .proj r j y => s == r && i == j && sameTerm pair x y
    | .const m ls, .const n ks => sameLevels ls ks && sameAuxiliary pair m n
    | _, _ => false

partial def sameAuxiliary (pair : Pair) (m n : Name) : Bool :=
  if isMade m && isMade n && !pair.header.contains m && !pair.header.contains n then
    match pair.asked.find? m, pair.given.find? n with
    | some a, some b =>
      if sameConstant pair a b then
        let types := compareAll pair {} a.type.getUsedConstants b.type.getUsedConstants 0
        let values :=
          compareAll pair types (valueOf a).getUsedConstants (valueOf b).getUsedConstants 0
        match values.different with
        | some _ => false
        | none => true
      else false
    | _, _ => false
  else false

/-- Whether two constants mean the same, not looking at the constants they mention. -/
partial def sameConstant (pair : Pair) (a b : ConstantInfo) : Bool :=
  if !sameLength a.levelParams b.levelParams then false
  else
    if !sameTerm pair a.type (renameLevels b.levelParams a.levelParams b.type) then false
    else
      match a, b with
      | .defnInfo v, .defnInfo w =>
        sameTerm pair v.value (renameLevels b.levelParams a.levelParams w.value)
      | .opaqueInfo v, .opaqueInfo w =>
        sameTerm pair v.value (renameLevels b.levelParams a.levelParams w.value)
      | .thmInfo _, .thmInfo _ => true
      | .axiomInfo _, .axiomInfo _ => true
      | .inductInfo v, .inductInfo w =>
        v.numParams == w.numParams && v.numIndices == w.numIndices && sameNames v.all w.all
          && sameNames v.ctors w.ctors
      | .ctorInfo v, .ctorInfo w => v.induct == w.induct && v.cidx == w.cidx
      | .recInfo _, .recInfo _ => true
      | _, _ => false

/-- Compare the constants of the asked term; `given` are those of the equal term. -/
partial def compareAll (pair : Pair) (seen : Comparison) (names given : Array Name) (i : Nat) :
    Comparison :=
  if i < names.size then
    match seen.different with
    | some _ => seen
    | none =>
      let name := names.getD i .anonymous
      -- An auxiliary definition that has another name there was compared where it is used.
      if isMade name && !mentions given name then
        compareAll pair seen names given (i + 1)
      else compareAll pair (compareName pair seen name) names given (i + 1)
  else seen

partial def compareList (pair : Pair) (seen : Comparison) : List Name → Comparison
  | [] => seen
  | n :: rest => compareList pair (compareName pair seen n) rest

/-- Compare a constant that the statement mentions, and all that it rests on in turn. -/
partial def compareName (pair : Pair) (seen : Comparison) (name : Name) : Comparison :=
  if seen.visited.contains name || pair.header.contains name then seen
  else
    let seen := { seen with visited := seen.visited.insert name }
    match pair.asked.find? name, pair.given.find? name with
    | some a, some b =>
      if !sameConstant pair a b then { seen with different := some name }
      else
        let seen := compareAll pair seen a.type.getUsedConstants b.type.getUsedConstants 0
        match a, b with
        | .defnInfo v, .defnInfo w =>
          compareAll pair seen v.value.getUsedConstants w.value.getUsedConstants 0
        | .opaqueInfo v, .opaqueInfo w =>
          compareAll pair seen v.value.getUsedConstants w.value.getUsedConstants 0
        | .inductInfo v, _ => compareList pair (compareList pair seen v.ctors) v.all
        | .ctorInfo v, _ => compareName pair seen v.induct
        | .recInfo v, _ => compareList pair seen v.all
        | _, _ => seen
    | _, _ => { seen with different := some name }

end

/-- Why the submission's theorem is not the one that was asked for, or nothing. -/
def statementProblem (pair : Pair) (name : Name) : Option (String × String) :=
  match pair.asked.find? name, pair.given.find? name with
  | some a, some b =>
    match b with
    | .thmInfo _ =>
      if !sameLength a.levelParams b.levelParams then
        some ("statement", "it has other universe parameters")
      else
        let type := renameLevels b.levelParams a.levelParams b.type
        if !sameTerm pair a.type type then some ("statement", "its type is not the one asked for")
        else if !sameTelescope a.type type then
          some ("statement", "its binders have other brackets")
        else
          let seen := compareAll pair {} a.type.getUsedConstants b.type.getUsedConstants 0
          match seen.different with
          | some n => some ("statement", "it rests on another " ++ n.toString)
          | none => none
    | _ => some ("not_theorem", name.toString ++ " is not a theorem")
  | _, none => some ("missing", "there is no theorem " ++ name.toString)
  | none, _ => some ("missing", "there is no statement " ++ name.toString)

end NeuroSym
