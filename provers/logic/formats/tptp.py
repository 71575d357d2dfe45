"""TPTP's FOF and CNF: single formulas, and whole problems.

A name in single quotes is the name between them (``'dog'`` is ``dog``). Numerals are constants
called by their digits and distinct objects constants called by their text, double quotes
included; TPTP takes different ones to be different things, which ``TptpProblem.distinct`` says
and the formulas themselves do not. A quoted constant that looks like
one of those (``'3'``) keeps its single quotes in its name, so that ``3`` and ``'3'`` stay two
things. Everything is of sort ``INDIVIDUAL``.

Source: Sutcliffe, "The TPTP Problem Library and Associated Infrastructure", J. Autom. Reason.
59 (2017), and its syntax at https://tptp.org/TPTP/SyntaxBNF.html.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, cast

from provers.errors import InputError, ParseError
from provers.logic.syntax import (
    FALSE,
    INDIVIDUAL,
    TRUE,
    And,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Term,
    Truth,
    Var,
    Xor,
    closure,
    depth,
    free_variables,
    fresh_name,
    terms,
    walk,
)

if TYPE_CHECKING:
    from lark import Lark

MAX_CHARACTERS: Final = 6_000_000
MAX_FORMULA: Final = 65_536
MAX_DEPTH: Final = 120
MAX_DISTINCT: Final = 200

_NUMBER: Final = r"[+-]?\d+(?:/\d+|(?:\.\d+)?(?:[Ee][+-]?\d+)?)"
_DISTINCT: Final = r'"(?:[^"\\\n]|\\["\\])*"'
_SPECIAL: Final = re.compile(rf"('*)(?:{_NUMBER}|{_DISTINCT})\1", re.ASCII)
_WORD: Final = re.compile(r"[a-z][A-Za-z0-9_]*")
_UPPER: Final = re.compile(r"[A-Z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One annotated formula; ``formula`` is closed."""

    name: str
    role: str
    formula: Formula
    form: Literal["fof", "cnf"]


@dataclass(frozen=True, slots=True)
class TptpProblem:
    """The annotated formulas of a problem in file order."""

    entries: tuple[Entry, ...]

    @property
    def distinct(self) -> tuple[Formula, ...]:
        """Inequations between the problem's distinct objects, and between its numerals.

        Raises InputError if there are more than ``MAX_DISTINCT`` of them.
        """
        constants = {
            term.name: term
            for entry in self.entries
            for term in terms(entry.formula)
            if isinstance(term, Apply) and not term.args and _SPECIAL.fullmatch(term.name)
        }
        objects: list[Term] = [term for name, term in constants.items() if name.startswith('"')]
        numbers: dict[Fraction, Term] = {}
        for name, term in constants.items():
            if re.fullmatch(_NUMBER, name, re.ASCII) and (value := _value(name)) is not None:
                numbers.setdefault(value, term)
        if len(objects) + len(numbers) > MAX_DISTINCT:
            raise InputError(
                f"the problem has more than {MAX_DISTINCT} distinct objects and numerals: "
                "leave some out"
            )
        pairs: list[tuple[Term, Term]] = list(itertools.combinations(objects, 2))
        pairs += itertools.combinations(numbers.values(), 2)
        return tuple(Not(Eq(left, right)) for left, right in pairs)


def _value(numeral: str) -> Fraction | None:
    """A numeral's value; None for one that is too large to compute, or divides by zero."""
    exponent = re.split("[eE]", numeral)[1:]
    if len(numeral) > 1000 or (exponent and abs(int(exponent[0])) > 1000):
        return None
    try:
        return Fraction(numeral)
    except ZeroDivisionError:
        return None


# --- reading formulas ----------------------------------------------------------------------


@functools.cache
def _parser() -> Lark:
    from lark import Lark, Transformer

    class Build(Transformer[Any, Formula]):
        """Builds bottom up while the text is read, so that nothing recurses over deep trees."""

        def start(self, items: list[Any]) -> Formula:
            formula: Formula = items[0]
            return formula

        def binary(self, items: list[Any]) -> Formula:
            left, connective, right = items
            return _BINARY[connective](left, right)

        def and_(self, items: list[Any]) -> Formula:
            return And(tuple(items))

        def or_(self, items: list[Any]) -> Formula:
            return Or(tuple(items))

        def not_(self, items: list[Any]) -> Formula:
            return Not(items[0])

        def forall(self, items: list[Any]) -> Formula:
            return Forall(tuple(dict.fromkeys(items[:-1])), items[-1])

        def exists(self, items: list[Any]) -> Formula:
            return Exists(tuple(dict.fromkeys(items[:-1])), items[-1])

        def equal(self, items: list[Any]) -> Formula:
            return Eq(items[0], items[1])

        def unequal(self, items: list[Any]) -> Formula:
            return Not(Eq(items[0], items[1]))

        def plain(self, items: list[Any]) -> tuple[str, tuple[Term, ...]]:
            return _unquote(items[0]), tuple(items[1:])

        def predicate(self, items: list[Any]) -> Formula:
            return Pred(*items[0])

        def function(self, items: list[Any]) -> Term:
            name, args = items[0]
            return Apply(f"'{name}'" if not args and _SPECIAL.fullmatch(name) else name, args)

        def VARIABLE(self, token: str) -> Term:
            return Var(str(token))

        def NUMBER(self, token: str) -> Term:
            return Apply(str(token))

        DISTINCT = NUMBER

        def TRUE(self, _: str) -> Formula:
            return TRUE

        def FALSE(self, _: str) -> Formula:
            return FALSE

    grammar = resources.files(__package__).joinpath("tptp.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="basic", maybe_placeholders=False, transformer=Build()
    )


_BINARY: Final[dict[str, Callable[[Formula, Formula], Formula]]] = {
    "<=>": Iff,
    "=>": Implies,
    "<=": lambda left, right: Implies(right, left),
    "<~>": Xor,
    "~|": lambda left, right: Not(Or((left, right))),
    "~&": lambda left, right: Not(And((left, right))),
}


def _unquote(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith("'") else str(token)


def parse_formula(text: str) -> Formula:
    """One FOF formula; variables that nothing binds stay free. Raises ParseError."""
    return _parse(text, 0, len(text))


def _parse(text: str, start: int, end: int) -> Formula:
    """The formula between two offsets of ``text``; positions of errors are those in ``text``."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    if end - start > MAX_FORMULA:
        _fail(f"the formula has more than {MAX_FORMULA} characters; split it", text, start)
    piece = text[start:end]
    if found := _TOO_MANY_NOTS.search(piece):
        _fail(_TOO_DEEP, text, start + found.start())
    level = 0
    for mark in _MARK.finditer(piece):
        level += {"(": 1, ")": -1}.get(mark[0], 0)
        if level > MAX_DEPTH:
            _fail(_TOO_DEEP, text, start + mark.start())
    try:
        formula = cast(Formula, _parser().parse(piece))
    except UnexpectedCharacters as error:
        offset = start + (error.pos_in_stream or 0)
        _fail("unexpected character", text, offset, text=text[offset : offset + 1])
    except UnexpectedToken as error:
        expected = tuple(sorted({_WORDS.get(name, name) for name in error.accepts or ()}))
        if error.token.type == "$END":
            offset = start + len(piece.rstrip())
            _fail("the formula ends too early", text, offset, expected=expected)
        offset = start + (error.token.start_pos or 0)
        _fail("unexpected text", text, offset, text=str(error.token), expected=expected)
    if depth(formula) > MAX_DEPTH:
        _fail(_TOO_DEEP, text, start)
    return formula


_TOO_DEEP: Final = f"the formula nests deeper than {MAX_DEPTH} levels; simplify it"
_TOO_MANY_NOTS: Final = re.compile(rf"(?:~\s*){{{MAX_DEPTH}}}")
_WORDS: Final = {
    "WORD": "a name",
    "QUOTED": "a name in single quotes",
    "VARIABLE": "a variable",
    "NUMBER": "a numeral",
    "DISTINCT": "a distinct object",
    "TRUE": "'$true'",
    "FALSE": "'$false'",
    "IFF": "'<=>'",
    "IMPLIES": "'=>'",
    "IMPLIED": "'<='",
    "XOR": "'<~>'",
    "NOR": "'~|'",
    "NAND": "'~&'",
    "TILDE": "'~'",
    "VBAR": "'|'",
    "AMPERSAND": "'&'",
    "BANG": "'!'",
    "QMARK": "'?'",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "COMMA": "','",
    "COLON": "':'",
    "EQUAL": "'='",
    "__ANON_0": "'!='",
    "$END": "the end",
}


def _fail(
    message: str, whole: str, offset: int, *, text: str = "", expected: tuple[str, ...] = ()
) -> NoReturn:
    line = whole.count("\n", 0, offset) + 1
    column = offset - whole.rfind("\n", 0, offset)
    raise ParseError(message, line=line, column=column, expected=expected, text=text) from None


# --- reading problems ----------------------------------------------------------------------

_BLANK: Final = re.compile(r"(?:\s+|%[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_HEAD: Final = re.compile(r"([a-z]+)\s*\(")
# The last alternatives are openings whose end is missing.
_MARK: Final = re.compile(
    r"""'(?:[^'\\\n]|\\['\\])+'|"(?:[^"\\\n]|\\["\\])*"|%[^\n]*|/\*(?:[^*]|\*(?!/))*\*/"""
    r"""|[()\[\],'"]|/\*"""
)
_ROLE: Final = re.compile(r"[a-z][a-z_]*")
_ENTRY_NAME: Final = re.compile(r"[a-z][A-Za-z0-9_]*|\d+|'(?:[^'\\\n]|\\['\\])+'")


def parse_problem(text: str) -> TptpProblem:
    """A whole problem. CNF variables are closed universally; FOF must be closed already.

    Raises ParseError, with its position in the whole text, for text that is no TPTP problem,
    for forms other than FOF and CNF, and for ``include``, which names no file here.
    """
    if len(text) > MAX_CHARACTERS:
        raise ParseError(f"the problem has more than {MAX_CHARACTERS} characters; split it")
    entries: list[Entry] = []
    at = _skip(text, 0)
    while at < len(text):
        head = _HEAD.match(text, at)
        if not head:
            expected = ("fof(", "cnf(")
            _fail("no annotated formula", text, at, text=text[at : at + 20], expected=expected)
        commas, end = _annotated(text, head.end())
        entries.append(_entry(text, at, head[1], [head.end(), *commas, end]))
        at = _skip(text, end + 1)
        if not text.startswith(".", at):
            _fail("an annotated formula ends with '.'", text, at, expected=("'.'",))
        at = _skip(text, at + 1)
    return TptpProblem(tuple(entries))


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _annotated(text: str, start: int) -> tuple[list[int], int]:
    """Offsets of the commas between an annotated formula's parts, and of the last bracket."""
    commas: list[int] = []
    level = 0
    for mark in _MARK.finditer(text, start):
        match mark[0]:
            case "(" | "[":
                level += 1
                if level > MAX_DEPTH:
                    _fail(_TOO_DEEP, text, mark.start())
            case ")" | "]":
                if level == 0:
                    return commas, mark.start()
                level -= 1
            case "," if level == 0:
                commas.append(mark.start())
            case "'" | '"' | "/*":
                _fail("this has no end", text, mark.start(), text=text[mark.start() :][:20])
            case _:
                pass
    _fail("the annotated formula has no end", text, start, expected=("')'",))


def _entry(text: str, at: int, form: str, cuts: list[int]) -> Entry:
    """One annotated formula; ``cuts`` are where its first part begins, commas, and its end."""
    parts = [text[a:b].strip(" \t\r\n,") for a, b in itertools.pairwise(cuts)]
    if form == "include":
        _fail(f"include({parts[0][:80]}) is not read: write the axioms out", text, at)
    if form not in ("fof", "cnf"):
        _fail(f"{form} is not read: only fof and cnf are", text, at, text=form)
    if len(parts) < 3:
        _fail(f"{form}(name, role, formula) has three parts", text, at)
    if not _ENTRY_NAME.fullmatch(parts[0]):
        _fail("this names no formula", text, cuts[0], text=parts[0], expected=("a name",))
    if not _ROLE.fullmatch(parts[1]):
        _fail("this is no role", text, cuts[1] + 1, text=parts[1], expected=("axiom", "..."))
    formula = _parse(text, cuts[2] + 1, cuts[3])
    if form == "cnf":
        if not all(isinstance(sub, Or | Not | Pred | Eq | Truth) for sub in walk(formula)) or any(
            isinstance(sub, Not) and isinstance(sub.body, Not | Or) for sub in walk(formula)
        ):
            _fail("a cnf formula is a disjunction of literals", text, cuts[2] + 1)
        formula = closure(formula)
        return Entry(_unquote(parts[0]), parts[1], formula, "cnf")
    if free := sorted(var.name for var in free_variables(formula)):
        _fail(f"nothing binds the variable {free[0]}", text, cuts[2] + 1)
    return Entry(_unquote(parts[0]), parts[1], formula, "fof")


# --- writing -------------------------------------------------------------------------------


def write_formula(formula: Formula) -> str:
    """The formula as FOF text, which ``parse_formula`` reads back up to names of variables.

    Variables that are not spelled like TPTP's get such a name, different from all others.
    Raises InputError for sorts other than ``INDIVIDUAL``, arithmetic, and names that TPTP
    cannot quote (empty, or with line breaks).
    """
    return _Writer([formula], rename=False).formula(formula)


def write_problem(premises: Sequence[Formula], goal: Formula | None) -> str:
    """A FOF problem: axioms ``ax_0``, ``ax_1``, ... and, with a goal, the conjecture ``goal``.

    TPTP tools know symbols by name alone: where a name stands for several (a predicate and a
    constant, or two arities), the later ones get ``_1``, ``_2``, ... They also take numerals and
    distinct objects to differ, quoted or not, so a name that does not begin with a letter gets
    ``n_`` before it: here ``3`` is a constant like any other. Raises InputError as
    ``write_formula`` does, ValueError for a formula that is not closed.
    """
    formulas = [*premises] if goal is None else [*premises, goal]
    if any(free_variables(formula) for formula in formulas):
        raise ValueError("only closed formulas make a problem")
    writer = _Writer(formulas, rename=True)
    lines = [f"fof(ax_{i}, axiom, {writer.formula(f)})." for i, f in enumerate(premises)]
    if goal is not None:
        lines.append(f"fof(goal, conjecture, {writer.formula(goal)}).")
    return "\n".join(lines) + "\n"


class _Writer:
    """Spellings for the variables and symbols of some formulas."""

    def __init__(self, formulas: Sequence[Formula], *, rename: bool) -> None:
        self.variables: dict[Var, str] = {}
        self.symbols: dict[tuple[str, str, int], str] = {}
        variables: dict[Var, None] = {}
        symbols: dict[tuple[str, str, int], None] = {}
        for formula in formulas:
            if depth(formula) > MAX_DEPTH:
                raise InputError(_TOO_DEEP)
            for sub in walk(formula):
                if isinstance(sub, Forall | Exists):
                    variables.update(dict.fromkeys(sub.vars))
                elif isinstance(sub, Pred):
                    symbols["predicate", sub.name, len(sub.args)] = None
            for term in terms(formula):
                if isinstance(term, Apply):
                    symbols["function", term.name, len(term.args)] = None
                elif isinstance(term, Var):
                    variables[term] = None
                if term.sort != INDIVIDUAL or not isinstance(term, Var | Apply):
                    raise InputError(
                        f"TPTP's FOF has no sort {term.sort} and no arithmetic: "
                        "use SMT-LIB for this formula"
                    )
        taken = {var.name for var in variables if _UPPER.fullmatch(var.name)}
        for var in variables:
            if var.sort != INDIVIDUAL:
                raise InputError(f"TPTP's FOF has no sort {var.sort}: use SMT-LIB")
            if _UPPER.fullmatch(var.name):
                self.variables[var] = var.name
                continue
            name = re.sub(r"\W", "_", var.name, flags=re.ASCII)
            name = name[:1].upper() + name[1:]
            name = fresh_name(name if _UPPER.fullmatch(name) else f"X{name}", taken)
            taken.add(name)
            self.variables[var] = name
        names = {name for _, name, _ in symbols}
        seen: set[str] = set()
        for kind, name, arity in symbols:
            spelled = name
            if rename and not name[:1].isalpha():
                spelled = f"n_{name}"
            if rename and (spelled in seen or (spelled != name and spelled in names)):
                spelled = fresh_name(spelled, names | seen)
            seen.add(spelled)
            self.symbols[kind, name, arity] = spelled

    def symbol(self, kind: str, name: str, arity: int) -> str:
        name = self.symbols[kind, name, arity]
        if kind == "function" and arity == 0 and (special := _SPECIAL.fullmatch(name)):
            if not special[1]:
                return name
            name = name[1:-1]
        if _WORD.fullmatch(name):
            return name
        if not name or not name.isprintable():
            raise InputError(f"TPTP cannot spell the name {name!r}: rename it")
        return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def applied(self, kind: str, name: str, args: tuple[Term, ...]) -> str:
        head = self.symbol(kind, name, len(args))
        return f"{head}({','.join(map(self.term, args))})" if args else head

    def term(self, term: Term) -> str:
        if isinstance(term, Var):
            return self.variables[term]
        assert isinstance(term, Apply)  # the constructor refused the rest
        return self.applied("function", term.name, term.args)

    def formula(self, formula: Formula) -> str:
        match formula:
            case And(args):
                return " & ".join(map(self.unit, args))
            case Or(args):
                return " | ".join(map(self.unit, args))
            case Implies(left, right):
                return f"{self.unit(left)} => {self.unit(right)}"
            case Iff(left, right):
                return f"{self.unit(left)} <=> {self.unit(right)}"
            case Xor(left, right):
                return f"{self.unit(left)} <~> {self.unit(right)}"
            case _:
                return self.unit(formula)

    def unit(self, formula: Formula) -> str:
        """The formula so that it may stand beside a connective."""
        match formula:
            case Truth(value):
                return "$true" if value else "$false"
            case Pred(name, args):
                return self.applied("predicate", name, args)
            case Eq(left, right):
                return f"{self.term(left)} = {self.term(right)}"
            case Not(Eq(left, right)):
                return f"{self.term(left)} != {self.term(right)}"
            case Not(body):
                return f"~ {self.unit(body)}"
            case Forall(bound, body):
                return f"! [{self.list(bound)}] : {self.unit(body)}"
            case Exists(bound, body):
                return f"? [{self.list(bound)}] : {self.unit(body)}"
            case _:
                return f"({self.formula(formula)})"

    def list(self, bound: tuple[Var, ...]) -> str:
        return ",".join(self.variables[var] for var in bound)
