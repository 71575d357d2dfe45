module
public import Lean.Environment
public import Lean.AddDecl
public import Lean.Util.FoldConsts

/-!
# The audit: kernel replay and axioms

What a constant rests on is added again, declaration by declaration, to the environment of the
import header, through the kernel: whatever was put there around the kernel fails or is missing.
On the way the axioms are collected.

Where library modules come without proofs (the embedded toolchain), an imported theorem looks
like an axiom. The library's real axioms are few and known by name there, so an imported constant
without a value is trusted unless it is one of them.
-/

public section

open Lean

namespace NeuroSym

/-- What the audit found so far. -/
structure Audit where
  /-- The environment of the header, with the replayed constants. -/
  kernel : Kernel.Environment
  visited : NameSet := {}
  /-- Axioms that the constant rests on. -/
  axioms : Array Name := #[]
  /-- The axioms among them that the submission itself declares. -/
  declared : Array Name := #[]
  replayed : Nat := 0
  /-- The first thing that is wrong: which constant, and what. -/
  failure : Option String := none

/-- What the audit works on: the header's environment and the one to audit. -/
structure Audited where
  header : Environment
  result : Environment
  /-- Whether the library's theorems come with their proofs. -/
  proofs : Bool

/-- The axioms of the core library. -/
def libraryAxioms : List Name :=
  [`propext, `Classical.choice, `Quot.sound, `sorryAx, `Lean.ofReduceBool, `Lean.ofReduceNat,
   `Lean.trustCompiler, `lcErased, `lcProof, `lcAny, `lcUnreachable, `lcVoid]

def nameIn (name : Name) : List Name → Bool
  | [] => false
  | n :: rest => n == name || nameIn name rest

def sameNames : List Name → List Name → Bool
  | [], [] => true
  | a :: as, b :: bs => a == b && sameNames as bs
  | _, _ => false

/-- Whether library theorems have proofs here. -/
def hasProofs (env : Environment) : Bool :=
  match env.find? `Nat.add_comm with
  | some (.thmInfo _) => true
  | _ => false

/-- Whether a declaration is of a library that comes with Lean, or with this package. -/
def isLibrary (env : Environment) (name : Name) : Bool :=
  match env.getModuleIdxFor? name with
  | some index =>
    nameIn (env.header.modules.getD index default).module.getRoot
      [`Init, `Std, `Lean, `Lake, `NeuroSym]
  | none => false

private def fail (audit : Audit) (name : Name) (what : String) : Audit :=
  match audit.failure with
  | some _ => audit
  | none => { audit with failure := some (name.toString ++ ": " ++ what) }

/-- Whether a term is closed. The kernel of Lean 4.28 lets a free variable of a name that it makes
itself stand for anything, so what is not closed never gets there. -/
private def closed (e : Expr) : Bool :=
  !(e.hasFVar || e.hasMVar || e.hasLooseBVars)

private def closedConstant (info : ConstantInfo) : Bool :=
  closed info.type &&
    match info.value? (allowOpaque := true) with
    | some value => closed value
    | none => true

private def add (audit : Audit) (name : Name) (declaration : Declaration) : Audit :=
  match audit.kernel.addDecl {} declaration with
  | .ok kernel => { audit with kernel, replayed := audit.replayed + 1 }
  | .error _ => fail audit name "the kernel rejects it"

private def constructorOf (env : Environment) (name : Name) : Constructor :=
  match env.find? name with
  | some info => { name, type := info.type }
  | none => { name, type := .sort .zero }

private def constructorsOf (env : Environment) : List Name → List Constructor
  | [] => []
  | n :: rest => constructorOf env n :: constructorsOf env rest

private def inductiveTypes (env : Environment) : List Name → List InductiveType
  | [] => []
  | n :: rest =>
    match env.find? n with
    | some (.inductInfo v) =>
      { name := n, type := v.type, ctors := constructorsOf env v.ctors }
        :: inductiveTypes env rest
    | _ => { name := n, type := .sort .zero, ctors := [] } :: inductiveTypes env rest

/-- Whether a constant that the kernel made (constructor, recursor) is what was found. -/
private def sameMade (audit : Audit) (info : ConstantInfo) : Bool :=
  match audit.kernel.find? info.name, info with
  | some (.ctorInfo a), .ctorInfo b => a == b
  | some (.recInfo a), .recInfo b => a == b
  | some (.inductInfo a), .inductInfo b =>
    a.toConstantVal == b.toConstantVal && a.numParams == b.numParams
      && a.numIndices == b.numIndices && sameNames a.all b.all && sameNames a.ctors b.ctors
      && a.numNested == b.numNested && a.isRec == b.isRec && a.isReflexive == b.isReflexive
  | _, _ => false

mutual

/-- Visit the constants of an array from index `i` on. -/
partial def visitAll (over : Audited) (audit : Audit) (names : Array Name) (i : Nat) : Audit :=
  if i < names.size then
    match audit.failure with
    | some _ => audit
    | none => visitAll over (visit over audit (names.getD i .anonymous)) names (i + 1)
  else audit

partial def visitList (over : Audited) (audit : Audit) : List Name → Audit
  | [] => audit
  | n :: rest => visitList over (visit over audit n) rest

/-- Visit a constant and all that it rests on. -/
partial def visit (over : Audited) (audit : Audit) (name : Name) : Audit :=
  if audit.visited.contains name then audit
  else
    let audit := { audit with visited := audit.visited.insert name }
    match over.header.find? name with
    | some info => visitImported over audit info
    | none =>
      match over.result.find? name with
      | some info =>
        if closedConstant info then visitNew over audit info
        else fail audit name "it is not a closed term"
      | none => fail audit name "it is not there"

/-- An imported constant is trusted; only its axioms count. -/
partial def visitImported (over : Audited) (audit : Audit) (info : ConstantInfo) : Audit :=
  let library := isLibrary over.header info.name
  match info with
  | .axiomInfo v =>
    if over.proofs || !library || nameIn v.name libraryAxioms then
      visitAll over { audit with axioms := audit.axioms.push v.name } v.type.getUsedConstants 0
    else audit
  | _ =>
    if over.proofs || !library then
      let audit := visitAll over audit info.type.getUsedConstants 0
      match info.value? (allowOpaque := true) with
      | some value => visitAll over audit value.getUsedConstants 0
      | none => audit
    else audit

/-- A constant of the submission goes through the kernel again. -/
partial def visitNew (over : Audited) (audit : Audit) (info : ConstantInfo) : Audit :=
  let audit := visitAll over audit info.type.getUsedConstants 0
  match info with
  | .axiomInfo v =>
    add { audit with axioms := audit.axioms.push v.name, declared := audit.declared.push v.name }
      v.name (.axiomDecl v)
  | .defnInfo v =>
    if info.isUnsafe || info.isPartial then fail audit v.name "it is unsafe or partial"
    else add (visitAll over audit v.value.getUsedConstants 0) v.name (.defnDecl v)
  | .thmInfo v => add (visitAll over audit v.value.getUsedConstants 0) v.name (.thmDecl v)
  | .opaqueInfo v =>
    if v.isUnsafe then fail audit v.name "it is unsafe"
    else add (visitAll over audit v.value.getUsedConstants 0) v.name (.opaqueDecl v)
  | .quotInfo v => fail audit v.name "quotients are declared anew"
  | .ctorInfo v => made (visit over audit v.induct) info
  | .recInfo v => made (visitList over audit v.all) info
  | .inductInfo v =>
    if v.isUnsafe then fail audit v.name "it is unsafe"
    else
      match audit.kernel.find? v.name with
      | some _ => audit
      | none =>
        let types := inductiveTypes over.result v.all
        let audit := visitTypes over { audit with visited := insertAll audit.visited v.all } types
        let audit := add audit v.name (.inductDecl v.levelParams v.numParams types false)
        match audit.failure with
        | some _ => audit
        | none => if sameMade audit info then audit else fail audit v.name "it was altered"

/-- What the types and constructors of a mutual inductive declaration rest on. -/
partial def visitTypes (over : Audited) (audit : Audit) : List InductiveType → Audit
  | [] => audit
  | t :: rest =>
    let audit := visitAll over audit t.type.getUsedConstants 0
    visitTypes over (visitConstructors over audit t.ctors) rest

partial def visitConstructors (over : Audited) (audit : Audit) : List Constructor → Audit
  | [] => audit
  | c :: rest => visitConstructors over (visitAll over audit c.type.getUsedConstants 0) rest

/-- A constructor or recursor must be what the kernel made of its type. -/
partial def made (audit : Audit) (info : ConstantInfo) : Audit :=
  match audit.failure with
  | some _ => audit
  | none => if sameMade audit info then audit else fail audit info.name "it was altered"

partial def insertAll (names : NameSet) : List Name → NameSet
  | [] => names
  | n :: rest => insertAll (names.insert n) rest

end

/-- Audit one constant of `result`, an environment that grew out of `header`. -/
def audit (header result : Environment) (name : Name) (before : Option Audit := none) : Audit :=
  let start := match before with
    | some a => a
    | none => { kernel := header.toKernelEnv }
  visit { header, result, proofs := hasProofs header } start name

end NeuroSym
