"""SMT-LIB terms as ``neurosym.augment.formulas`` writes them, read as formulas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from provers.errors import ParseError
from provers.logic.formats import smtlib
from provers.logic.formats.smtlib import SExpr
from provers.logic.syntax import (
    INT,
    NUMERIC,
    REAL,
    And,
    Apply,
    Arith,
    ArithOp,
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
)

MAX_DEPTH: Final = 120
_INSIDE: Final = 4  # brackets at most around a numeral, or a variable that is bound
_MAX_CHARACTERS: Final = 1_000_000
_SYMBOL: Final = re.compile(r"\|([^|]*)/(\d{1,6})([fp])\|")
_VARIABLE: Final = re.compile(r"\|([^|:]*):([^|:]*)\|")
_SORT: Final = re.compile(r"\|([^|]*)/s\|")
_NUMERAL: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_TRUTH: Final = {"true": Truth(True), "false": Truth(False)}
_SIGNS: Final = frozenset(
    ["not", "and", "or", "=>", "xor", "=", "<", "<=", ">", ">=", "forall", "exists"]
)


def read_terms(declarations: str, terms: Sequence[str]) -> tuple[Formula, ...]:
    """A formula for each term. Raises ParseError for what is no declaration or term.

    Terms that are read need not be spelled as they are written here, nor fit together.
    """
    reader = _Reader(declarations)
    return tuple(reader.formula(_item(term)) for term in terms)


def _item(text: str) -> SExpr:
    items = _items(text)
    if len(items) != 1:
        raise ParseError("one formula was expected", text=text[:40])
    return items[0]


def _items(text: str) -> list[SExpr]:
    if len(text) > _MAX_CHARACTERS:
        raise ParseError(f"the formula has more than {_MAX_CHARACTERS:,} characters: split it")
    level = 0
    for letter in text:
        level += (letter == "(") - (letter == ")")
        if level > MAX_DEPTH + _INSIDE:
            raise ParseError(f"the formula nests deeper than {MAX_DEPTH} levels: simplify it")
    return smtlib.read_sexprs(text)


class _Reader:
    """Reads terms over declared functions; the sort of a variable is in its own name."""

    def __init__(self, declarations: str) -> None:
        self._results: dict[str, Sort] = {}
        for item in _items(declarations):
            match item:
                case ["declare-sort", str(name), "0"] if _SORT.fullmatch(name):
                    pass
                case ["declare-fun", str(symbol), list(), "Bool"] if symbol.endswith("p|"):
                    pass
                case ["declare-fun", str(symbol), list(), str(result)]:
                    self._results[symbol] = _sort(result)
                case _:
                    raise ParseError("a declaration was expected", text=str(item)[:40])

    def formula(self, item: SExpr) -> Formula:
        match item:
            case str(token) if token in _TRUTH:
                return _TRUTH[token]
            case str(symbol):
                return Pred(_name(symbol, "p"))
            case ["not", body]:
                return Not(self.formula(body))
            case ["and", _, _, *_]:
                return And(tuple(map(self.formula, item[1:])))
            case ["or", _, _, *_]:
                return Or(tuple(map(self.formula, item[1:])))
            case ["=>", left, right]:
                return Implies(self.formula(left), self.formula(right))
            case ["xor", left, right]:
                return Xor(self.formula(left), self.formula(right))
            case ["=", left, right] if _is_formula(left):
                return Iff(self.formula(left), self.formula(right))
            case ["=", left, right]:
                return Eq(self.term(left), self.term(right))
            case [("<" | "<=" | ">" | ">=") as op, left, right]:
                return Compare(op, self.term(left), self.term(right))
            case [("forall" | "exists") as sign, [_, *_] as bound, body]:
                variables = tuple(map(self.bound, bound))
                kind = Forall if sign == "forall" else Exists
                return kind(variables, self.formula(body))
            case [str(symbol), _, *_]:
                return Pred(_name(symbol, "p"), tuple(map(self.term, item[1:])))
            case _:
                raise ParseError("a formula was expected", text=str(item)[:40])

    def bound(self, item: SExpr) -> Var:
        match item:
            case [str(token), str()]:
                return _variable(token)
            case _:
                raise ParseError("a variable and its sort were expected", text=str(item)[:40])

    def term(self, item: SExpr) -> Term:
        match item:
            case str(token) if token[0] == "|" and _SYMBOL.fullmatch(token):
                return self.applied(token, ())
            case str(token) if token[0] == "|":
                return _variable(token)
            case str(token):
                return _number(token)
            case ["!", inner, ":numeral", "true"]:
                return _number(inner)
            case ["-", only]:
                negated = self.term(only)
                return Arith("-", (negated,), negated.sort)
            case [("-" | "/") as op, left, right]:
                return _operation(op, (self.term(left), self.term(right)))
            case [("+" | "*") as op, _, _, *_]:
                return _operation(op, tuple(map(self.term, item[1:])))
            case [str(symbol), _, *_]:
                return self.applied(symbol, tuple(map(self.term, item[1:])))
            case _:
                raise ParseError("a term was expected", text=str(item)[:40])

    def applied(self, symbol: str, args: tuple[Term, ...]) -> Apply:
        if symbol not in self._results:
            raise ParseError("the function is not declared", text=symbol[:40])
        return Apply(_name(symbol, "f"), args, self._results[symbol])


def _operation(op: ArithOp, args: tuple[Term, ...]) -> Arith:
    return Arith(op, args, args[0].sort)


def _is_formula(item: SExpr) -> bool:
    head = item if isinstance(item, str) else item[0] if item else ""
    if not isinstance(head, str):
        return False
    return head in _TRUTH or head in _SIGNS or head.endswith("p|")


def _name(symbol: str, kind: str) -> str:
    found = _SYMBOL.fullmatch(symbol)
    if found is None or found[3] != kind:
        raise ParseError("a symbol was expected", text=symbol[:40])
    return _unescaped(found[1])


def _variable(token: str) -> Var:
    found = _VARIABLE.fullmatch(token)
    if found is None:
        raise ParseError("a variable was expected", text=token[:40])
    return Var(_unescaped(found[1]), Sort(_unescaped(found[2])))


def _sort(token: str) -> Sort:
    numeric: Mapping[str, Sort] = {sort.name: sort for sort in NUMERIC}
    found = _SORT.fullmatch(token)
    if found is None and token not in numeric:
        raise ParseError("a sort was expected", text=token[:40])
    return Sort(_unescaped(found[1])) if found else numeric[token]


def _unescaped(text: str) -> str:
    try:
        return smtlib.unescape(text)
    except (ValueError, OverflowError):
        raise ParseError("a name has a character that is none", text=text[:40]) from None


def _number(item: SExpr) -> Number:
    match item:
        case str(token) if _NUMERAL.fullmatch(token):
            try:
                return Number(Fraction(token), REAL if "." in token else INT)
            except ValueError:
                raise ParseError("the number has too many digits", text=token[:40]) from None
        case ["-", inner]:
            found = _number(inner)
            return Number(-found.value, found.sort)
        case ["/", left, right]:
            top, bottom = _number(left), _number(right)
            if bottom.value == 0:
                raise ParseError("a number is divided by zero", text=str(item)[:40])
            return Number(top.value / bottom.value, REAL)
        case _:
            raise ParseError("a number was expected", text=str(item)[:40])
