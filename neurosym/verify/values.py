"""Numbers in formal claims: what a claim computes with, and what it arrives at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from provers.logic.syntax import (
    NUMERIC,
    And,
    Apply,
    Arith,
    Compare,
    Eq,
    Formula,
    Number,
    Pred,
    Term,
    Var,
    subformulas,
    subterms,
    terms,
    walk,
)

_NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.])\d+(?:\.\d+)?")
_MAX_NUMERAL = 2_000


def is_computation(formula: Formula) -> bool:
    """Whether the formula is about numbers alone: no names, no variables, at least one number."""
    if any(isinstance(sub, Pred) for sub in walk(formula)):
        return False
    found = list(terms(formula))
    return bool(found) and not any(isinstance(term, Apply | Var) for term in found)


def is_linear(formula: Formula) -> bool:
    """Whether no term multiplies two names or variables, or divides by one."""
    for term in terms(formula):
        if isinstance(term, Arith) and term.op in ("*", "/"):
            named = [any(isinstance(t, Apply | Var) for t in subterms(a)) for a in term.args]
            if sum(named) > 1 or (term.op == "/" and any(named[1:])):
                return False
    return True


def closed_value(term: Term) -> Fraction | None:
    """The value of a term of numbers alone; None for others and for a division by zero."""
    match term:
        case Number(value):
            return value
        case Arith(op, args):
            values = [closed_value(arg) for arg in args]
            known = [value for value in values if value is not None]
            if len(known) < len(values):
                return None
            return _computed(op, known)
        case _:
            return None


def _computed(op: str, values: list[Fraction]) -> Fraction | None:
    first, rest = values[0], values[1:]
    match op:
        case "+":
            return sum(rest, first)
        case "-":
            return first - sum(rest, Fraction(0)) if rest else -first
        case "*":
            for factor in rest:
                first *= factor
            return first
        case _:
            if not rest or 0 in rest:
                return None
            for divisor in rest:
                first /= divisor
            return first


def results(formula: Formula) -> tuple[Fraction, ...]:
    """The numbers a claim arrives at: the values of an equation's right side, and left one.

    Only an equation that is asserted arrives anywhere, by itself or joined by *and* with others;
    what is rounded arrives at the value that is shown. Nothing comes out of an inequality, a
    denial or a condition.
    """
    found: list[Fraction] = []
    for part in _asserted(formula):
        match part:
            case Eq(left, right):
                sides: tuple[Term, ...] = (right, left)
            case And() if (pair := rounding(part)) is not None:
                sides = pair[1:]
            case _:
                return ()
        found += [value for side in sides if (value := closed_value(side)) is not None]
    return tuple(dict.fromkeys(found))


def stated(formula: Formula) -> tuple[Fraction, ...]:
    """What a claim says comes out: right sides alone."""
    values = (closed_value(right) for _, right in _relations(formula))
    return tuple(dict.fromkeys(value for value in values if value is not None))


def operands(formula: Formula) -> tuple[Fraction, ...]:
    """The numerals that a claim computes with: those on the left of its equations."""
    return tuple(
        term.value
        for left, _ in _relations(formula)
        for term in subterms(left)
        if isinstance(term, Number)
    )


def is_reflexive(formula: Formula) -> bool:
    """Whether the formula is made of equations alone whose two sides are the same."""
    return all(isinstance(p, Eq) and _same(p.left, p.right) for p in _asserted(formula))


def rounding(formula: Formula) -> tuple[Term, Term] | None:
    """The exact and the shown side of ``|exact - shown| <= width``; None for other formulas.

    This is how ``neurosym.translate.arithmetic`` writes that a value is rounded:
    ``exact - shown <= width and shown - exact <= width``.
    """
    match formula:
        case And(
            (
                Compare("<=", Arith("-", (exact, shown)), Number() as width),
                Compare("<=", Arith("-", (again, back)), Number() as other),
            )
        ) if (exact, shown, width) == (back, again, other):
            if isinstance(exact, Number) and not isinstance(shown, Number):
                return shown, exact
            return exact, shown
        case _:
            return None


def letters(formula: Formula) -> frozenset[str]:
    """The names of the numeric constants in a formula that are one letter each."""
    return frozenset(
        term.name
        for term in terms(formula)
        if isinstance(term, Apply)
        and not term.args
        and term.sort in NUMERIC
        and len(term.name) == 1
    )


def _same(left: Term, right: Term) -> bool:
    if isinstance(left, Number) and isinstance(right, Number):
        return left.value == right.value
    return left == right


def _asserted(formula: Formula) -> Iterator[Formula]:
    """The parts of a conjunction, where a rounded value is one part."""
    stack = [formula]
    while stack:
        part = stack.pop()
        if isinstance(part, And) and rounding(part) is None:
            stack.extend(reversed(part.args))
        else:
            yield part


def _relations(formula: Formula) -> Iterator[tuple[Term, Term]]:
    """The sides of all equations and ``<=``, ``>=`` inside, a rounded value's as one."""
    stack = [formula]
    while stack:
        part = stack.pop()
        pair = rounding(part)
        if pair is not None:
            yield pair
        elif isinstance(part, Eq) or (isinstance(part, Compare) and part.op in ("<=", ">=")):
            yield part.left, part.right
        else:
            stack.extend(reversed(subformulas(part)))


def numbers(text: str) -> tuple[Fraction, ...]:
    """The plain numerals of a text, in order; thousands separators understood.

    Numerals of more than 2,000 characters are left out: Python refuses to read long ones.
    """
    found = (match.group() for match in _NUMBER.finditer(text[:100_000]))
    return tuple(Fraction(n.replace(",", "")) for n in found if len(n) <= _MAX_NUMERAL)
