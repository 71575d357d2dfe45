"""Formulas as text and back: SMT-LIB terms, which carry whatever English and arithmetic say.

Symbols are spelled as ``provers.logic.formats.smtlib`` spells them, with declarations beside the
terms, so that any SMT solver takes the text as it is. Two spellings differ, for SMT-LIB's own
would be read back as something else: a decimal is a decimal (``0.25``, where ``(/ 1.0 4.0)`` is
the quotient), and a number that has no numeral carries an attribute that solvers pass over
(``(! (- 3.0) :numeral true)``, where ``(- 3.0)`` is the negation of 3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from provers.errors import InputError, ParseError
from provers.logic import signature
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
    depth,
)

MAX_DEPTH: Final = 120
_MAX_CHARACTERS: Final = 1_000_000
_MAX_PLACES: Final = 300  # digits behind the point; what has more is written as a fraction
_SYMBOL: Final = re.compile(r"\|([^|]*)/(\d{1,6})([fp])\|")
_VARIABLE: Final = re.compile(r"\|([^|:]*):([^|:]*)\|")
_SORT: Final = re.compile(r"\|([^|]*)/s\|")
_NUMERAL: Final = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_TRUTH: Final = {"true": Truth(True), "false": Truth(False)}
_SIGNS: Final = frozenset(
    ["not", "and", "or", "=>", "xor", "=", "<", "<=", ">", ">=", "forall", "exists"]
)


@dataclass(frozen=True, slots=True)
class Written:
    """Terms of sort Bool, and the declarations of all their sorts and symbols."""

    declarations: str
    terms: tuple[str, ...]


def write(formulas: Sequence[Formula]) -> Written:
    """The formulas as text that ``read`` reads back as the same formulas.

    Raises InputError for what it cannot carry: symbols of two sorts, more than ``MAX_DEPTH``
    levels, numbers of thousands of digits, and formulas that are built as none should be.
    """
    for formula in formulas:
        if depth(formula) > MAX_DEPTH:
            raise InputError(f"the formula nests deeper than {MAX_DEPTH} levels: simplify it")
    signature.infer(formulas).check()
    try:
        terms = tuple(map(_write, formulas))
    except ValueError as error:
        raise InputError(f"the formula has a number that is too long: {error}.") from error
    written = Written(smtlib.declarations(formulas), terms)
    try:
        same = _read(written) == tuple(formulas)
    except ParseError:
        same = False
    if not same:
        raise InputError("the formula is not well built, and would be read back as another.")
    return written


def read(written: Written) -> tuple[Formula, ...]:
    """The formulas that were written. Raises ParseError or SortError for any other text."""
    formulas = _read(written)
    signature.infer(formulas).check()
    try:
        same = write(formulas) == written
    except InputError:
        same = False
    if not same:
        raise ParseError("a formula is not spelled as formulas are here: write it anew")
    return formulas


# --- writing -------------------------------------------------------------------------------


def _write(formula: Formula) -> str:
    match formula:
        case Truth(value):
            return "true" if value else "false"
        case Pred(name, args):
            return _applied(smtlib.predicate_symbol(name, len(args)), args)
        case Eq(left, right):
            return f"(= {_term(left)} {_term(right)})"
        case Compare(op, left, right):
            return f"({op} {_term(left)} {_term(right)})"
        case Not(body):
            return f"(not {_write(body)})"
        case And(args):
            return f"(and {' '.join(map(_write, args))})"
        case Or(args):
            return f"(or {' '.join(map(_write, args))})"
        case Implies(left, right):
            return f"(=> {_write(left)} {_write(right)})"
        case Iff(left, right):
            return f"(= {_write(left)} {_write(right)})"
        case Xor(left, right):
            return f"(xor {_write(left)} {_write(right)})"
        case Forall(bound, body):
            return f"(forall ({_binders(bound)}) {_write(body)})"
        case Exists(bound, body):
            return f"(exists ({_binders(bound)}) {_write(body)})"


def _applied(symbol: str, args: tuple[Term, ...]) -> str:
    return f"({symbol} {' '.join(map(_term, args))})" if args else symbol


def _binders(bound: tuple[Var, ...]) -> str:
    return " ".join(f"({_term(var)} {smtlib.write_sort(var.sort)})" for var in bound)


def _term(term: Term) -> str:
    match term:
        case Var(name, sort):
            return f"|{smtlib.escape(name)}:{smtlib.escape(sort.name)}|"
        case Apply(name, args):
            return _applied(smtlib.function_symbol(name, len(args)), args)
        case Arith(op, args):
            return f"({op} {' '.join(map(_term, args))})"
        case Number(value, sort):
            text = _numeral(abs(value), sort)
            text = text if value >= 0 else f"(- {text})"
            return f"(! {text} :numeral true)" if text[0] == "(" else text


def _numeral(value: Fraction, sort: Sort) -> str:
    if sort == INT:
        return str(value.numerator)
    places, rest = 0, value.denominator
    while rest > 1 and places <= _MAX_PLACES:
        places += 1
        rest //= 10 if rest % 10 == 0 else 5 if rest % 5 == 0 else 2 if rest % 2 == 0 else 1
        if rest % 2 and rest % 5 and rest > 1:
            break
    if rest != 1:
        return f"(/ {value.numerator}.0 {value.denominator}.0)"
    whole, part = divmod(value * 10**places, 1)
    assert part == 0
    digits = f"{whole:0{places + 1}}"
    return f"{digits[: len(digits) - places]}.{digits[len(digits) - places :] or '0'}"


# --- reading -------------------------------------------------------------------------------


def _read(written: Written) -> tuple[Formula, ...]:
    reader = _Reader(written.declarations)
    return tuple(reader.formula(_item(term)) for term in written.terms)


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
        if level > 3 * MAX_DEPTH:  # a number or a quantifier takes three for one level
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
