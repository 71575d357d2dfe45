module
public import Lean.Elab.Frontend

/-!
# What a submission may not contain

A proof needs no program that runs while it is elaborated, and no way around the kernel. The scan
sees every token of the parsed commands, also those inside quotations, and never the text of
strings or comments. What a submission could have run without this scan seeing it is nothing:
macros may only be quotations, and attributes are those known to register no code.

A server that elaborated a refused text is not trusted to judge any more: the program has run.
-/

public section

open Lean

namespace NeuroSym

/-- Why a text is refused: `program`, `unsafe` or `axiom`, and the offending word. -/
structure Refusal where
  tag : String
  word : String

/-- Tokens that run code of the submission during elaboration, or expand to some that does. -/
private def programTokens : List String :=
  ["#eval", "#eval!", "run_cmd", "run_elab", "run_meta", "run_tac", "by_elab", "elab", "elab_rules",
   "initialize", "builtin_initialize", "register_option", "register_builtin_option",
   "register_simp_attr", "register_label_attr", "register_parser_alias", "declare_config_elab",
   "declare_command_config_elab", "declare_simp_like_tactic", "simproc", "dsimproc",
   "simproc_decl", "dsimproc_decl", "builtin_simproc", "builtin_dsimproc",
   "include_str", "#import_path", "register_error_explanation", "#guard", "#guard_expr"]

/-- Tokens that step outside what the kernel checks. -/
private def unsafeTokens : List String := ["native_decide", "extern"]

/-- Attributes that register no code and change nothing that the kernel sees. -/
private def plainAttributes : List String :=
  ["simp", "grind", "ext", "instance", "reducible", "irreducible", "semireducible",
   "instance_reducible", "implicit_reducible", "inline", "noinline",
   "always_inline", "macro_inline", "specialize", "nospecialize", "elab_as_elim",
   "elab_without_expected_type", "norm_cast", "push_cast", "symm", "trans", "refl", "congr",
   "rfl", "induction_eliminator", "cases_eliminator", "class", "deprecated", "match_pattern",
   "default_instance", "coe", "coe_decl", "expose", "no_expose", "inherit_doc", "local", "scoped",
   "simp_arith", "seval", "bv_normalize", "int_toBitVec", "wf_preprocess", "grind_pattern",
   "nolint", "unused_variables_ignore_fn", "unification_hint", "unbox", "app_delab_ignore",
   "spec", "mspec", "partial_fixpoint_monotone", "structure", "pp_using_anonymous_constructor",
   "pp_nodot", "pp_dot", "suggest_for", "never_extract", "univ_out_params", "defeq",
   "method_specs", "method_specs_simp", "fun_induction", "eqns", "to_additive", "to_dual", "simps",
   "gcongr", "aesop", "fun_prop", "measurability", "continuity", "mono", "bound", "push", "stacks",
   "wikidata", "elementwise", "reassoc", "notation_class", "higher_order", "simprocs_ignore"]

/-- Attributes that make code mean something else than the kernel sees. -/
private def unsafeAttributes : List String := ["implemented_by", "csimp", "extern", "export"]

/-- What the items of a `syntax` or `macro` may be: anything else could be a parser, which is a
program, of the submission's own. -/
private def plainParsers : List String :=
  ["term", "tactic", "ident", "num", "str", "char", "name", "scientific", "level", "prec", "prio",
   "conv", "command", "hygieneInfo", "colGt", "colGe", "colEq", "ppSpace", "ppLine", "ppHardSpace",
   "ppIndent", "ppDedent", "ppGroup", "noWs", "ws", "lookahead", "withPosition", "withoutPosition",
   "checkColGt", "checkColGe", "binderIdent", "bracketedBinder", "hole", "syntheticHole", "atomic",
   "many", "many1", "optional", "sepBy", "sepBy1", "group", "notFollowedBy", "interpolatedStr",
   "tacticSeq", "Lean.Parser.Tactic.tacticSeq", "Lean.Parser.Tactic.location",
   "Lean.Parser.Tactic.simpLemma", "Lean.Parser.Tactic.rwRuleSeq", "Parser.Tactic.tacticSeq",
   "Parser.Tactic.location", "Lean.Parser.Term.bracketedBinder", "Lean.binderIdent",
   "explicitBinders", "Lean.explicitBinders"]

/-- Words that may stand for a value in a tactic's configuration. -/
private def plainValues : List String :=
  ["true", "false", "all", "default", "reducible", "instances", "none"]

private def isIn (word : String) : List String → Bool
  | [] => false
  | w :: rest => w == word || isIn word rest

/-- The first word of a syntax tree. -/
private partial def firstWord (stx : Syntax) (i : Nat := 0) : String :=
  match stx with
  | .missing => ""
  | .atom _ text => text
  | .ident _ _ name _ => name.eraseMacroScopes.toString
  | .node info kind arguments =>
    if i < arguments.size then
      let found := firstWord (arguments.getD i .missing)
      if found == "" then firstWord (.node info kind arguments) (i + 1) else found
    else ""

private def isQuotation (stx : Syntax) : Bool :=
  match stx with
  | .node _ kind _ =>
    kind == `Lean.Parser.Term.quot || kind == `Lean.Parser.Tactic.quot
      || kind == `Lean.Parser.Tactic.quotSeq || kind == `Lean.Parser.Term.dynamicQuot
      || kind == `Lean.Parser.Command.quot
  | _ => false

private def lastIsQuotation (arguments : Array Syntax) : Bool :=
  arguments.size > 0 && isQuotation (arguments.getD (arguments.size - 1) .missing)

/-- An attribute instance is `[kind, attribute]`. -/
private def refusedAttribute (arguments : Array Syntax) : Option Refusal :=
  let word := firstWord (arguments.getD 1 .missing)
  if isIn word unsafeAttributes then some ⟨"unsafe", word⟩
  else if isIn word plainAttributes then none
  else some ⟨"program", "the attribute " ++ word⟩

/-- An option is the second word of `set_option`. -/
private def refusedOption (arguments : Array Syntax) : Option Refusal :=
  let word := firstWord (arguments.getD 1 .missing)
  if word.startsWith "debug." || word.startsWith "internal." then some ⟨"unsafe", word⟩ else none

mutual

/-- Whether a configuration's value is written out: a term is evaluated as a program. -/
private partial def isPlainValue (stx : Syntax) : Bool :=
  match stx with
  | .missing => false
  | .atom _ _ => true
  | .ident _ _ name _ => isIn name.eraseMacroScopes.toString plainValues
  | .node _ kind arguments =>
    if kind == `Lean.Parser.Term.structInstLVal then true
    else
      (kind == nullKind || kind == `num || kind == `str || kind == `Lean.Parser.Term.structInst
        || kind == `Lean.Parser.Term.structInstFields || kind == `Lean.Parser.Term.structInstField
        || kind == `Lean.Parser.Term.structInstFieldDef
        || kind == `Lean.Parser.Term.optEllipsis || kind == `Lean.Parser.Term.paren
        || kind == `Lean.Parser.Term.dotIdent || kind == `hygieneInfo)
      && arePlainValues arguments 0

private partial def arePlainValues (trees : Array Syntax) (i : Nat) : Bool :=
  if i < trees.size then
    isPlainValue (trees.getD i .missing) && arePlainValues trees (i + 1)
  else true

end

/-- A configuration item ends in its value and a bracket. -/
private def hasPlainValue (arguments : Array Syntax) : Bool :=
  arguments.size < 2 || isPlainValue (arguments.getD (arguments.size - 2) .missing)

/-- Whether one of the words of a `syntax` or `macro` names the category of attributes. -/
private partial def namesAttributes (arguments : Array Syntax) (i : Nat := 0) : Bool :=
  if i < arguments.size then
    match arguments.getD i .missing with
    | .ident _ _ name _ => name.eraseMacroScopes == `attr || namesAttributes arguments (i + 1)
    | _ => namesAttributes arguments (i + 1)
  else false

private def refusedNode (inMacro : Bool) (kind : Name) (arguments : Array Syntax) :
    Option Refusal :=
  if kind == `Lean.Parser.Command.unsafe || kind == `Lean.Parser.Term.unsafe then
    some ⟨"unsafe", "unsafe"⟩
  else if kind == `Lean.Parser.Term.attrInstance then refusedAttribute arguments
  else if kind == `Lean.Parser.Command.set_option || kind == `Lean.Parser.Term.set_option
      || kind == `Lean.Parser.Tactic.set_option then
    refusedOption arguments
  else if kind == `Lean.Parser.Command.syntax || kind == `Lean.Parser.Command.macroTail then
    if namesAttributes arguments then some ⟨"program", "a new attribute"⟩ else none
  else if kind == `Lean.Parser.Syntax.cat || kind == `Lean.Parser.Syntax.unary
      || kind == `Lean.Parser.Syntax.binary || kind == `Lean.Parser.Syntax.sepBy
      || kind == `Lean.Parser.Syntax.sepBy1 then
    let word := firstWord (.node .none kind arguments)
    if isIn word plainParsers || word.startsWith "sepBy" then none
    else some ⟨"program", "the parser " ++ word⟩
  else if kind == `Lean.Parser.Tactic.config || kind == `Lean.Parser.Tactic.valConfigItem
      || kind == `Lean.Parser.Term.valConfigItem then
    if hasPlainValue arguments then none else some ⟨"program", "a computed configuration"⟩
  else if kind == `antiquotNestedExpr then some ⟨"program", "a computed antiquotation"⟩
  else if kind == `Lean.Parser.Command.macroRhs || kind == `Lean.Parser.Command.binderPredicate
      || (inMacro && kind == `Lean.Parser.Term.matchAlt) then
    if lastIsQuotation arguments then none
    else some ⟨"program", "a macro that is more than a quotation"⟩
  else none

mutual

/-- The first refusal in a syntax tree, depth first. -/
partial def refusal (inMacro : Bool) (stx : Syntax) : Option Refusal :=
  match stx with
  | .atom _ text =>
    if isIn text programTokens then some ⟨"program", text⟩
    else if isIn text unsafeTokens then some ⟨"unsafe", text⟩
    else none
  | .node _ kind arguments =>
    match refusedNode inMacro kind arguments with
    | some found => some found
    | none =>
      let inside := (inMacro || kind == `Lean.Parser.Command.macro_rules) && !isQuotation stx
      refusalIn inside arguments 0
  | _ => none

/-- The first refusal among syntax trees, from index `i` on. -/
partial def refusalIn (inMacro : Bool) (trees : Array Syntax) (i : Nat) : Option Refusal :=
  if i < trees.size then
    match refusal inMacro (trees.getD i .missing) with
    | some found => some found
    | none => refusalIn inMacro trees (i + 1)
  else none

end

mutual

private partial def declaresAxiom (stx : Syntax) : Bool :=
  match stx with
  | .node _ kind arguments => kind == `Lean.Parser.Command.axiom || oneDeclaresAxiom arguments 0
  | _ => false

private partial def oneDeclaresAxiom (trees : Array Syntax) (i : Nat) : Bool :=
  if i < trees.size then
    declaresAxiom (trees.getD i .missing) || oneDeclaresAxiom trees (i + 1)
  else false

end

/-- The first program in a text's commands, or step outside what the kernel checks. -/
def refusedProgram (commands : Array Syntax) : Option Refusal := refusalIn false commands 0

/-- The first refusal in a text's commands; an axiom comes last, since it hides nothing. -/
def refused (commands : Array Syntax) : Option Refusal :=
  match refusedProgram commands with
  | some found => some found
  | none => if oneDeclaresAxiom commands 0 then some ⟨"axiom", "axiom"⟩ else none

end NeuroSym
