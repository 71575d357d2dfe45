"""Refutation certificates: instances of clauses, checked without any solver.

A certificate names clauses (formula, number within ``clausify``) and a ground term for each
variable. Whoever has the formulas can regenerate the clauses, instantiate them, and see that
the instances contradict each other (Herbrand's theorem): that needs only this package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Final, TypeAlias, cast
from typing import Literal as OneOf

from provers.logic.ground import is_contradictory
from provers.logic.syntax import (
    INT,
    NUMERIC,
    REAL,
    Apply,
    Arith,
    ArithOp,
    Compare,
    Formula,
    Number,
    Pred,
    Sort,
    Term,
    Var,
    atom_terms,
    subterms,
)
from provers.logic.transform import (
    RESERVED,
    Clause,
    Literal,
    clausify,
    replace_variables,
    symbol_names,
)

__all__ = [
    "WITNESS",
    "Symbols",
    "check",
    "function_symbols",
    "ground_clauses",
    "is_contradictory",
    "read_term",
    "renumber",
    "skolem_prefix",
    "write_term",
]

Symbols: TypeAlias = Mapping[tuple[str, int], tuple[Sort, ...]]
"""Function symbols, (name, arity), and their sorts: those of the arguments, then the result's."""

MAX_TERM_DEPTH: Final = 100
MAX_TERM_LENGTH: Final = 100_000
MAX_INSTANCES: Final = 20_000


WITNESS: Final = "§0.any"
"""A name for some element of a sort that no ground term of the formulas has."""


def skolem_prefix(index: int) -> str:
    """What ``clausify`` puts before its names for formula ``index`` (-1: the assumption).

    No notation lets ``§`` into a plain name; ``ground_clauses`` refuses formulas that hold
    such a name all the same.
    """
    return f"§{index}."


_RESERVED: Final = re.compile(RESERVED + r"(_def)?\d+")
_BARE: Final = re.compile(r"[^\W\d]\w*|§-?\d+\.\w+")


# --- terms as text -------------------------------------------------------------------------


def write_term(term: Term) -> str:
    """A ground term as text: ``rex``, ``f(a,b)``, ``3``, ``-1/2``, ``+(n,1)``, ``"odd name"(a)``.

    Names that are not plain words are JSON strings. Sorts are not written: ``read_term``
    knows them from the place and the symbols. Raises ValueError if a variable is left.
    """
    match term:
        case Var(name):
            raise ValueError(f"the variable {name!r} is not ground")
        case Number(value):
            return str(value)
        case Apply(name, args):
            head = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
            return head + (f"({','.join(map(write_term, args))})" if args else "")
        case Arith(op, args):
            return f"{op}({','.join(map(write_term, args))})"


_TOKEN: Final = re.compile(
    r'\s*(?:(?P<number>-?\d+(?:/\d+)?)|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<name>[^\W\d]\w*|§-?\d+\.\w+)|(?P<mark>[-+*/(),]))"
)


def read_term(text: str, sort: Sort, symbols: Symbols) -> Term:
    """The ground term of ``sort`` that ``write_term`` wrote as ``text``.

    A constant that ``symbols`` does not list is a new one, of the sort that its place asks
    for: every sort has something in it. Raises ValueError for text that is no term of that
    sort.
    """
    if len(text) > MAX_TERM_LENGTH:
        raise ValueError(f"the term is longer than {MAX_TERM_LENGTH} characters")
    reader = _Reader(text, symbols)
    term = reader.term(sort, 1)
    reader.expect("end")
    return term


def renumber(text: str, numbers: Mapping[int, int]) -> str:
    """A term that ``write_term`` wrote, where formula ``i`` is called ``numbers[i]``.

    That is so for the Skolem functions, which are called by the number of their formula.
    Formulas that ``numbers`` does not list keep theirs.
    """

    def renamed(token: re.Match[str]) -> str:
        if token["name"] is None or not _RESERVED.fullmatch(token["name"]):
            return token[0]
        number, _, rest = token["name"].removeprefix("§").partition(".")
        return skolem_prefix(numbers.get(int(number), int(number))) + rest

    return _TOKEN.sub(renamed, text)


class _Reader:
    def __init__(self, text: str, symbols: Symbols) -> None:
        self.text = text
        self.symbols = symbols
        self.at = 0
        self.tokens: list[tuple[str, str]] = []
        position = 0
        end = len(text.rstrip())
        # The number of arguments of each list, by the position after its opening bracket.
        self.arities: dict[int, int] = {}
        open_: list[tuple[int, int]] = []
        while position < end:
            found = _TOKEN.match(text, position)
            if not found:
                raise ValueError(f"cannot read the term {text[:80]!r} from character {position}")
            self.tokens.append((found.lastgroup or "", found.group(found.lastgroup or 0)))
            position = found.end()
            match self.tokens[-1]:
                case ("mark", "("):
                    open_.append((len(self.tokens), 1))
                case ("mark", ",") if open_:
                    open_[-1] = open_[-1][0], open_[-1][1] + 1
                case ("mark", ")") if open_:
                    start, count = open_.pop()
                    self.arities[start] = count
                case _:
                    pass
        self.tokens.append(("end", ""))

    def take(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += token[0] != "end"
        return token

    def expect(self, wanted: str) -> None:
        kind, token = self.take()
        if wanted not in (kind, token):
            raise ValueError(f"expected {wanted!r}, found {token!r} in {self.text[:80]!r}")

    def arguments(self) -> bool:
        """Whether an argument list begins here; steps over its bracket."""
        found = self.tokens[self.at] == ("mark", "(")
        self.at += found
        return found

    def term(self, sort: Sort, level: int) -> Term:
        if level > MAX_TERM_DEPTH:
            raise ValueError(f"the term nests deeper than {MAX_TERM_DEPTH}")
        kind, token = self.take()
        if kind == "number":
            return self.number(token, sort)
        if kind == "mark" and token in "+-*/":
            return self.arithmetic(cast(ArithOp, token), sort, level)
        if kind not in ("name", "string"):
            raise ValueError(f"expected a term, found {token!r} in {self.text[:80]!r}")
        name = token if kind == "name" else _string(token)
        return self.application(name, sort, level)

    def number(self, token: str, sort: Sort) -> Number:
        if sort not in NUMERIC:
            raise ValueError(f"{token} is not of sort {sort}")
        try:
            return Number(Fraction(token), sort)
        except ZeroDivisionError:
            raise ValueError(f"{token} is not a number") from None

    def arithmetic(self, op: ArithOp, sort: Sort, level: int) -> Term:
        if sort not in NUMERIC or (op == "/" and sort != REAL):
            raise ValueError(f"{op} does not make a term of sort {sort}")
        self.expect("(")
        args = [self.term(sort, level + 1)]
        while self.tokens[self.at][1] == ",":
            self.at += 1
            args.append(self.term(sort, level + 1))
        self.expect(")")
        allowed = {"-": (1, 2), "/": (2,)}.get(op, range(2, len(self.tokens)))
        if len(args) not in allowed:
            raise ValueError(f"{op} does not take {len(args)} arguments")
        return Arith(op, tuple(args), sort)

    def application(self, name: str, sort: Sort, level: int) -> Term:
        if not self.arguments():
            (found,) = self.symbols.get((name, 0), (sort,))
            if found != sort:
                raise ValueError(f"{name!r} is of sort {found}, not {sort}")
            return Apply(name, (), sort)
        # The arity is needed for the sorts of the arguments.
        arity = self.arities.get(self.at, 0)
        if (name, arity) not in self.symbols:
            raise ValueError(f"there is no function {name!r} of {arity} arguments")
        *inputs, result = self.symbols[name, arity]
        if result != sort:
            raise ValueError(f"{name!r} makes terms of sort {result}, not {sort}")
        args: list[Term] = []
        for i, wanted in enumerate(inputs):
            if i:
                self.expect(",")
            args.append(self.term(wanted, level + 1))
        self.expect(")")
        return Apply(name, tuple(args), sort)


def _string(token: str) -> str:
    try:
        value = json.loads(token)
    except ValueError:
        raise ValueError(f"{token[:80]} is not a JSON string") from None
    assert isinstance(value, str)
    return value


# --- signatures ----------------------------------------------------------------------------


def function_symbols(clauses: Iterable[Clause]) -> dict[tuple[str, int], tuple[Sort, ...]]:
    """The function symbols of ``clauses``, Skolem functions included, with their sorts.

    Raises ValueError if the clauses are ill-sorted: one symbol, predicates included, at
    different sorts, or an equation, comparison or sum over two.
    """
    found: dict[tuple[OneOf["function", "predicate"], str, int], tuple[Sort, ...]] = {}

    def note(kind: OneOf["function", "predicate"], name: str, sorts: tuple[Sort, ...]) -> None:
        arity = len(sorts) - (kind == "function")
        if found.setdefault((kind, name, arity), sorts) != sorts:
            raise ValueError(f"the {kind} {name!r} is used with different sorts")

    for clause in clauses:
        for literal in clause.literals:
            atom = literal.atom
            if isinstance(atom, Pred):
                note("predicate", atom.name, tuple(arg.sort for arg in atom.args))
            elif atom.left.sort != atom.right.sort or (
                isinstance(atom, Compare) and atom.left.sort not in NUMERIC
            ):
                raise ValueError(f"{atom} relates the sorts {atom.left.sort}, {atom.right.sort}")
            for argument in atom_terms(atom):
                for term in subterms(argument):
                    _check_arithmetic(term)
                    if isinstance(term, Apply):
                        note("function", term.name, (*(arg.sort for arg in term.args), term.sort))
    return {(name, arity): s for (kind, name, arity), s in found.items() if kind == "function"}


def _check_arithmetic(term: Term) -> None:
    match term:
        case Number(_, sort) if sort not in NUMERIC:
            raise ValueError(f"a numeral cannot be of sort {sort}")
        case Arith(op, args, sort):
            if sort not in NUMERIC or any(arg.sort != sort for arg in args):
                raise ValueError(f"{op} over different sorts, or not over numbers")
            if op == "/" and sort == INT:
                raise ValueError("/ is division of Real numbers")


# --- certificates --------------------------------------------------------------------------


def ground_clauses(
    formulas: Mapping[int, Formula],
    instances: Iterable[tuple[int, int, Mapping[str, str]]],
) -> list[Clause]:
    """The instances of a certificate as ground clauses.

    ``formulas`` maps the certificate's formula indices to closed formulas; an instance is
    (formula index, clause number within ``clausify(formula, skolem_prefix(index))``, variable
    name -> ground term as text). Raises ValueError for a certificate that does not fit: an
    unknown formula or clause, a variable missing or too many, text that is not a ground term
    of the variable's sort, a formula with a name kept for Skolem functions, or more than
    ``MAX_INSTANCES`` instances.
    """
    clauses: dict[int, tuple[Clause, ...]] = {}
    for index, formula in formulas.items():
        if any(_RESERVED.fullmatch(name) for name in symbol_names(formula)):
            raise ValueError("a formula has a name that is kept for Skolem functions")
        clauses[index] = clausify(formula, skolem_prefix(index))
    symbols = function_symbols(clause for some in clauses.values() for clause in some)
    ground: list[Clause] = []
    for index, number, bindings in instances:
        if len(ground) >= MAX_INSTANCES:
            raise ValueError(f"the certificate has more than {MAX_INSTANCES} instances")
        if index not in clauses or not 0 <= number < len(clauses[index]):
            raise ValueError(f"there is no clause {number} of formula {index}")
        ground.append(_instantiate(clauses[index][number], bindings, symbols))
    return ground


def _instantiate(clause: Clause, bindings: Mapping[str, str], symbols: Symbols) -> Clause:
    variables = clause.variables
    if {var.name for var in variables} != set(bindings):
        names = ", ".join(var.name for var in variables) or "none"
        raise ValueError(f"bindings for {', '.join(bindings) or 'none'}, variables: {names}")
    by = {var: read_term(bindings[var.name], var.sort, symbols) for var in variables}
    if not by:
        return clause
    return Clause(
        tuple(Literal(replace_variables(lit.atom, by), lit.positive) for lit in clause.literals)
    )


def check(
    formulas: Mapping[int, Formula],
    instances: Iterable[tuple[int, int, Mapping[str, str]]],
    *,
    max_steps: int = 200_000,
) -> bool:
    """Whether the instances contradict each other; arguments and errors of ``ground_clauses``.

    False says that the contradiction could not be shown within ``max_steps``.
    """
    return is_contradictory(ground_clauses(formulas, instances), max_steps=max_steps) is True
