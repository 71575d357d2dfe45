"""Numbers in formal claims: what a claim computes with, and what it arrives at."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from provers.logic.syntax import (
    Apply,
    Arith,
    Compare,
    Eq,
    Formula,
    Number,
    Pred,
    Term,
    Var,
    subterms,
    terms,
    walk,
)


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
    """The numbers a claim arrives at: the values of its equations' right sides, and left ones."""
    found: list[Fraction] = []
    for equation in _relations(formula):
        for side in (equation.right, equation.left):
            value = closed_value(side)
            if value is not None and value not in found:
                found.append(value)
    return tuple(found)


def stated(formula: Formula) -> tuple[Fraction, ...]:
    """What a claim says comes out: right sides alone."""
    values = (closed_value(equation.right) for equation in _relations(formula))
    return tuple(dict.fromkeys(value for value in values if value is not None))


def operands(formula: Formula) -> tuple[Fraction, ...]:
    """The numerals that a claim computes with: those on the left of its equations."""
    return tuple(
        term.value
        for equation in _relations(formula)
        for term in subterms(equation.left)
        if isinstance(term, Number)
    )


def _relations(formula: Formula) -> Iterator[Eq | Compare]:
    for sub in walk(formula):
        if isinstance(sub, Eq) or (isinstance(sub, Compare) and sub.op in ("<=", ">=")):
            yield sub
