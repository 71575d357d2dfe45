"""Formulas as text and back: SMT-LIB terms, which carry whatever English and arithmetic say.

Symbols are spelled as ``provers.logic.formats.smtlib`` spells them, with declarations beside the
terms, so that any SMT solver takes the text as it is. Two spellings differ, for SMT-LIB's own
would be read back as something else: a decimal is a decimal (``0.25``, where ``(/ 1.0 4.0)`` is
the quotient), and a number that has no numeral carries an attribute that solvers pass over
(``(! (- 3.0) :numeral true)``, where ``(- 3.0)`` is the negation of 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from neurosym.augment.terms import MAX_DEPTH, read_terms
from provers.errors import InputError, ParseError
from provers.logic import signature
from provers.logic.formats import smtlib
from provers.logic.syntax import (
    INT,
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
    depth,
)

_MAX_PLACES: Final = 300  # digits behind the point; what has more is written as a fraction


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
    written = _spelled(formulas)
    try:
        same = read_terms(written.declarations, written.terms) == tuple(formulas)
    except ParseError:
        same = False
    if not same:
        raise InputError("the formula is not well built, and would be read back as another.")
    return written


def read(written: Written) -> tuple[Formula, ...]:
    """The formulas that were written. Raises ParseError or SortError for any other text."""
    formulas = read_terms(written.declarations, written.terms)
    try:
        same = _spelled(formulas) == written
    except InputError as error:
        raise ParseError(str(error)) from error
    if not same:
        raise ParseError("a formula is not spelled as formulas are here: write it anew")
    return formulas


def _spelled(formulas: Sequence[Formula]) -> Written:
    for formula in formulas:
        if depth(formula) > MAX_DEPTH:
            raise InputError(f"the formula nests deeper than {MAX_DEPTH} levels: simplify it")
    signature.infer(formulas).check()
    try:
        terms = tuple(map(_write, formulas))
    except ValueError as error:
        raise InputError(f"the formula has a number that is too long: {error}.") from error
    return Written(smtlib.declarations(formulas), terms)


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
