"""Lean 4 statements, printed only: premises become hypotheses, symbols become parameters.

Nothing is declared and no axiom is made, so a proof of the statement depends on its text alone.
The text needs core Lean only: ``Int`` is ``Int``, ``Real`` is ``Rat`` (the rationals, in core
since Lean 4.24; Batteries has it for older ones) or, on request, any ordered field. Other sorts
become non-empty types. Exclusive or is ``¬(a ↔ b)``.

Lean gives a quotient by zero the value 0 and the logic here gives it none, so only division by
numbers that are not zero, written out or computed from numerals, is printed.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from provers.errors import InputError
from provers.logic.syntax import (
    INT,
    NUMERIC,
    REAL,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Pred,
    Sort,
    Term,
    Truth,
    Var,
    Xor,
    atom_terms,
    depth,
    free_variables,
    fresh_name,
    subterms,
    walk,
)

MAX_DEPTH: Final = 250

Reals: TypeAlias = Literal["Rat", "field"]

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_'!?]*")
_KEYWORD_LIST: Final = """
_ abbrev add_decl_doc assert! at attribute axiom binder_predicate break builtin_initialize by calc
case catch class coinductive com constant continue dbg_trace decreasing_by def deriving do elab
elab_rules else end example exists export extends finally for forall from fun generalizing
grind_pattern have hiding if import in include inductive infix infixl infixr initialize instance
leading_parser let local macro macro_rules match matches meta mut mutual namespace nat_lit no_index
nofun nomatch noncomputable nonrec notation omit opaque open panic! partial postfix precedence
prefix private protected public rec register_builtin_option renaming repeat return run_cmd run_elab
scoped seal section set_option show show_term simproc sorry structure suffices syntax
termination_by then theorem trailing_parser try unif_hint universe unless unreachable! unsafe
unseal using variable where while with Prop Sort Type
"""
_KEYWORDS: Final = frozenset(_KEYWORD_LIST.split())
# Names that the text itself uses, and that a parameter must not take.
_USED: Final = frozenset(
    {
        "Int",
        "Rat",
        "Nonempty",
        "True",
        "False",
        "Not",
        "And",
        "Or",
        "Iff",
        "Lean",
        "Std",
        "LE",
        "LT",
    }
)
# What makes a type an ordered field in core Lean.
_FIELD: Final = (
    "Lean.Grind.Field",
    "LE",
    "LT",
    "Std.LawfulOrderLT",
    "Std.IsLinearOrder",
    "Lean.Grind.OrderedRing",
)
_OPERATIONS: Final[dict[str, Callable[[Fraction, Fraction], Fraction]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_ORDER: Final = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}


@dataclass(frozen=True, slots=True)
class Theorem:
    """A statement, and how what it is about is spelled in it: for whoever writes the proof."""

    text: str
    hypotheses: tuple[str, ...]
    names: _Names

    def term(self, term: Term) -> str:
        """A ground term of the statement's symbols; raises ValueError for other symbols."""
        try:
            return self.names.argument(term)
        except KeyError as error:
            raise ValueError(f"{error} is not in the statement") from error

    def sort(self, sort: Sort) -> str:
        """The type of a sort; raises ValueError for one that is not in the statement."""
        if sort not in self.names.sorts:
            raise ValueError(f"{sort} is not in the statement")
        return self.names.sorts[sort]

    def fresh(self, name: str) -> str:
        """A name that nothing has, like ``name``; not given out again."""
        return self.names.take(name)


def write_theorem(premises: Sequence[Formula], goal: Formula, name: str = "t") -> str:
    """The statement ``theorem name (parameters) (h0 : premise) ... : goal``, without ``:=``.

    Parameters are the sorts, then the symbols in order of occurrence, then hypotheses ``h0``,
    ``h1``, ... Names that are no Lean identifiers or are keywords stand in ``«»``; where one
    name means several things (a predicate and a constant, two arities, a bound variable and a
    constant), the later ones get ``_1``, ``_2``, ... Raises ValueError for a formula that is
    not closed, InputError for one too deep or with a division that may be by zero.
    """
    return state(premises, goal, name).text


def state(
    premises: Sequence[Formula], goal: Formula, name: str = "t", *, reals: Reals = "Rat"
) -> Theorem:
    """The statement that ``write_theorem`` writes, with its spelling; errors as there.

    ``reals``: what ``Real`` is. With ``field`` the statement is about every ordered field, and
    so true of the real numbers, where ``Rat`` would have said nothing about irrational ones.
    """
    formulas = [*premises, goal]
    for formula in formulas:
        if depth(formula) > MAX_DEPTH:
            raise InputError(f"the formula nests deeper than {MAX_DEPTH} levels; simplify it")
        if free_variables(formula):
            raise ValueError("only closed formulas make a theorem")
    names = _Names(formulas, reals)
    lines = [f"theorem {_escape(name)}", *names.parameters()]
    hypotheses = tuple(names.take(f"h{i}") for i in range(len(premises)))
    for hypothesis, premise in zip(hypotheses, premises, strict=True):
        lines.append(f"({hypothesis} : {names.formula(premise)})")
    lines[-1] += " :"
    return Theorem("\n    ".join([*lines, names.formula(goal)]), hypotheses, names)


def _escape(name: str) -> str:
    """A Lean identifier for the name; ``«»`` cannot hold ``»`` or control characters."""
    if _PLAIN.fullmatch(name) and name not in _KEYWORDS:
        return name
    return f"«{name}»"


def _spellable(name: str) -> str:
    kept = "".join(c if c.isprintable() and c not in "«»" else "_" for c in name)
    return kept or "_"


class _Names:
    """What every sort, symbol and variable of some formulas is called in the text."""

    def __init__(self, formulas: Sequence[Formula], reals: Reals) -> None:
        self.taken = set(_USED)
        sorts: dict[Sort, None] = {}
        symbols: dict[tuple[bool, str, int], tuple[Sort, ...]] = {}
        variables: dict[Var, None] = {}
        for formula in formulas:
            for sub in walk(formula):
                if isinstance(sub, Forall | Exists):
                    variables.update(dict.fromkeys(sub.vars))
                elif isinstance(sub, Pred):
                    key = (True, sub.name, len(sub.args))
                    symbols.setdefault(key, tuple(arg.sort for arg in sub.args))
                for term in _terms(sub):
                    if isinstance(term, Apply):
                        inputs = tuple(arg.sort for arg in term.args)
                        key = (False, term.name, len(term.args))
                        symbols.setdefault(key, (*inputs, term.sort))
                    sorts[term.sort] = None
        sorts.update(dict.fromkeys(var.sort for var in variables))
        self.sorts = {INT: "Int", REAL: "Rat"}
        self.field = ""
        if reals == "field" and REAL in sorts:
            self.field = self.sorts[REAL] = self.take("Real")
        for sort in sorts:
            if sort not in NUMERIC:
                self.sorts[sort] = self.take(sort.name)
        self.types = [self.sorts[sort] for sort in sorts if sort not in NUMERIC]
        self.signatures = symbols
        self.symbols = {key: self.take(key[1]) for key in symbols}
        self.variables = {var: self.take(var.name) for var in variables}

    def take(self, name: str) -> str:
        """A name of its own, escaped."""
        free = fresh_name(_spellable(name), self.taken)
        self.taken.add(free)
        return _escape(free)

    def parameters(self) -> Iterator[str]:
        if self.field:
            yield f"({self.field} : Type) {' '.join(f'[{c} {self.field}]' for c in _FIELD)}"
        for sort in self.types:
            yield f"({sort} : Type) [Nonempty {sort}]"
        for key, sorts in self.signatures.items():
            kinds = [self.sorts[sort] for sort in sorts] + ["Prop"] * key[0]
            yield f"({self.symbols[key]} : {' → '.join(kinds)})"

    def formula(self, formula: Formula) -> str:
        match formula:
            case Truth(value):
                return "True" if value else "False"
            case Pred(name, args):
                return self.applied((True, name, len(args)), args)
            case Eq(left, right):
                return f"{self.term(left)} = {self.term(right)}"
            case Not(Eq(left, right)):
                return f"{self.term(left)} ≠ {self.term(right)}"
            case Compare(op, left, right):
                return f"{self.term(left)} {_ORDER[op]} {self.term(right)}"
            case Not(body):
                return f"¬{self.unit(body)}"
            case And(args):
                return " ∧ ".join(map(self.unit, args))
            case Or(args):
                return " ∨ ".join(map(self.unit, args))
            case Implies(left, right):
                return f"{self.unit(left)} → {self.unit(right)}"
            case Iff(left, right):
                return f"{self.unit(left)} ↔ {self.unit(right)}"
            case Xor(left, right):
                return f"¬({self.unit(left)} ↔ {self.unit(right)})"
            case Forall(bound, body):
                return f"∀ {self.binders(bound)}, {self.formula(body)}"
            case Exists(bound, body):
                return f"∃ {self.binders(bound)}, {self.formula(body)}"

    def unit(self, formula: Formula) -> str:
        """The formula so that it may stand beside a connective."""
        plain = isinstance(formula, Truth) or (isinstance(formula, Pred) and not formula.args)
        text = self.formula(formula)
        return text if plain else f"({text})"

    def binders(self, bound: tuple[Var, ...]) -> str:
        pairs = [f"{self.variables[var]} : {self.sorts[var.sort]}" for var in bound]
        return pairs[0] if len(pairs) == 1 else " ".join(f"({pair})" for pair in pairs)

    def applied(self, key: tuple[bool, str, int], args: tuple[Term, ...]) -> str:
        return " ".join([self.symbols[key], *(self.argument(arg) for arg in args)])

    def argument(self, term: Term) -> str:
        text = self.term(term)
        return f"({text})" if isinstance(term, Apply) and term.args else text

    def term(self, term: Term) -> str:
        match term:
            case Var():
                return self.variables[term]
            case Number(value, sort):
                return f"({str(value).replace('/', ' / ')} : {self.sorts[sort]})"
            case Apply(name, args):
                return self.applied((False, name, len(args)), args)
            case Arith("/", (_, *divisors)) if not all(map(_closed_value, divisors)):
                raise InputError(
                    "Lean gives a quotient by zero a value: divide only by a number other than zero"
                )
            case Arith(op, args):
                parts = [self.argument(arg) for arg in args]
                return f"(-{parts[0]})" if len(parts) == 1 else f"({f' {op} '.join(parts)})"


def _closed_value(term: Term) -> Fraction | None:
    """The value of a term of numerals alone; None for others, and where it divides by zero."""
    if isinstance(term, Number):
        return term.value
    if not isinstance(term, Arith):
        return None
    values = [_closed_value(arg) for arg in term.args]
    first, rest = values[0], values[1:]
    if first is None or (term.op == "-" and not rest):
        return None if first is None else -first
    for value in rest:
        if value is None or (term.op == "/" and not value):
            return None
        first = _OPERATIONS[term.op](first, value)
    return first


def _terms(formula: Formula) -> Iterator[Term]:
    for argument in atom_terms(formula):
        yield from subterms(argument)
