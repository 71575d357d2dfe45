"""Polynomials over the rationals, exact and bounded in size."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

Monomial: TypeAlias = tuple[int, ...]
"""A product of unknowns: node numbers in ascending order; ``()`` is the constant 1."""
Poly: TypeAlias = dict[Monomial, Fraction]

ZERO: Final = Fraction(0)
MAX_BITS: Final = 4096
MAX_DEGREE: Final = 32


class OutOfBudget(Exception):
    """The steps allowed are used up, or numbers and polynomials grow too large."""


@dataclass(slots=True)
class Budget:
    """Steps left; about a microsecond each."""

    left: int

    def spend(self, steps: int) -> None:
        self.left -= steps
        if self.left < 0:
            raise OutOfBudget


def add(left: Poly, right: Poly, factor: Fraction = Fraction(1)) -> Poly:
    """``left + factor * right``."""
    total = dict(left)
    for monomial, value in right.items():
        new = total.get(monomial, ZERO) + factor * value
        if new:
            if new.numerator.bit_length() + new.denominator.bit_length() > MAX_BITS:
                raise OutOfBudget
            total[monomial] = new
        else:
            total.pop(monomial, None)
    return total


def multiply(left: Poly, right: Poly, budget: Budget) -> Poly:
    budget.spend(len(left) * len(right))
    total: Poly = {}
    for first, a in left.items():
        for second, b in right.items():
            if len(first) + len(second) > MAX_DEGREE:
                raise OutOfBudget
            total = _accumulate(total, tuple(sorted(first + second)), a * b)
    return total


def _accumulate(total: Poly, monomial: Monomial, value: Fraction) -> Poly:
    new = total.get(monomial, ZERO) + value
    if new.numerator.bit_length() + new.denominator.bit_length() > MAX_BITS:
        raise OutOfBudget
    if new:
        total[monomial] = new
    else:
        total.pop(monomial, None)
    return total


def scale(poly: Poly, factor: Fraction) -> Poly:
    return {monomial: factor * value for monomial, value in poly.items()} if factor else {}


def constant(poly: Poly) -> Fraction | None:
    """The value of a polynomial without unknowns."""
    if not poly:
        return ZERO
    return poly.get(()) if len(poly) == 1 else None


def monic(poly: Poly, *, keep_sign: bool) -> Poly:
    """Scaled so that the first monomial's coefficient is 1 (or -1 with ``keep_sign``)."""
    leading = poly[max(poly)]
    return scale(poly, 1 / (abs(leading) if keep_sign else leading))


def key(poly: Poly) -> Hashable:
    return frozenset(poly.items())
