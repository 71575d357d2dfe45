"""What the numbers of an instance must keep of the original, and a search for such numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Final, TypeAlias

from neurosym.augment.numeric.sources import Values, number
from neurosym.translate.arithmetic.nodes import (
    Letter,
    Node,
    Num,
    Power,
    Product,
    Sum,
    UnreadableError,
    letters,
)

MAX_CHECKS: Final = 4000
MAX_CHOICES: Final = 40
FACTOR: Final = 10
"""How far a result may lie from the original one."""


@dataclass(frozen=True, slots=True)
class Keep:
    """An expression keeps its kind: sign, whole or not, below, at or above 1 (and 100%).

    ``places``: where it is shown, how many digits after the point it may have; then it also
    stays within ``FACTOR`` of the original.
    """

    node: Node
    original: Fraction
    places: int | None = None
    percent: bool = False

    def holds(self, values: Values) -> bool:
        new, old = number(self.node, values), self.original
        if old.denominator == 1 and new.denominator != 1:
            return False
        limits = (0, 1, -1, 100) if self.percent else (0, 1, -1)
        if any(_side(new, limit) != _side(old, limit) for limit in limits):
            return False
        if self.places is None:
            return True
        return (new * 10**self.places).denominator == 1 and abs(old) <= abs(new * FACTOR) <= abs(
            old
        ) * FACTOR**2


@dataclass(frozen=True, slots=True)
class Tie:
    """Two expressions that were equal stay equal."""

    node: Node
    other: Node

    def holds(self, values: Values) -> bool:
        return number(self.node, values) == number(self.other, values)


@dataclass(frozen=True, slots=True)
class Order:
    """Two expressions stay in their order; ``lowest``: without a common divisor."""

    node: Node
    other: Node
    less: bool
    lowest: bool = False

    def holds(self, values: Values) -> bool:
        one, two = number(self.node, values), number(self.other, values)
        if self.lowest and gcd(int(one), int(two)) > 1:
            return False
        return one < two if self.less else one > two


Rule: TypeAlias = Keep | Tie | Order


def _side(value: Fraction, limit: int) -> int:
    return (value > limit) - (value < limit)


def letters_of(rule: Rule) -> frozenset[str]:
    """The letters that a rule is about."""
    return letters(rule.node) | (letters(rule.other) if not isinstance(rule, Keep) else frozenset())


def parts(node: Node) -> Iterator[Node]:
    """An expression and what is computed on the way to it, from left to right."""
    match node:
        case Sum(addends):
            for _, part in addends:
                yield from parts(part)
            for n in range(2, len(addends)):
                yield Sum(addends[:n])
        case Product(factors):
            for _, part in factors:
                yield from parts(part)
            for n in range(2, len(factors)):
                yield Product(factors[:n])
        case Power(base, _):
            yield from parts(base)
        case Num() | Letter():
            return
    yield node


def choices(original: Fraction, limit: Fraction | None, rng: random.Random) -> list[Fraction]:
    """Other values for a number: from half to twice of it, as round as it is, in random order.

    Small ones go from 2 to six more.
    """
    step = next(
        s
        for s in (*_STEPS, Fraction(1, original.denominator))
        if original % s == 0 and (s <= original / 4 or s <= 1)
    )
    low = max(original / 2, Fraction(2)) if original > 1 else original / 2
    high = max(original * 2, original + 6) if original >= 2 else original * 2
    if original < 1:
        high = min(high, 1 - step)
    if original < 12 and original.denominator == 1:
        low = Fraction(2)
    if limit is not None:
        high = min(high, limit)
    first, last = -(-low // step), high // step
    count = last - first + 1
    if count <= 0:
        return []
    wanted = min(MAX_CHOICES, count)
    picked = (step * (first + k) for k in rng.sample(range(count), wanted))
    return [value for value in picked if value != original]


_ROUND: Final = "1000000 100000 10000 1000 500 100 50 10 5 1 0.5 0.25 0.1 0.05 0.01"
_STEPS: Final = tuple(Fraction(step) for step in _ROUND.split())


def search(
    originals: Mapping[str, Fraction],
    limits: Mapping[str, Fraction],
    rules: Sequence[Rule],
    rng: random.Random,
) -> dict[str, Fraction] | None:
    """New values for all letters under all rules, by backtracking; None where none were found.

    At most ``MAX_CHECKS`` values are tried.
    """
    order = list(originals)
    ready: list[list[Rule]] = [[] for _ in order]
    for rule in rules:
        last = max((order.index(name) for name in letters_of(rule)), default=None)
        if last is not None:
            ready[last].append(rule)
    left = [MAX_CHECKS]

    def extend(at: int, values: dict[str, Fraction]) -> dict[str, Fraction] | None:
        if at == len(order):
            return values
        name = order[at]
        domain = _forced(name, originals[name], ready[at], values)
        if domain is None:
            domain = choices(originals[name], limits.get(name), rng)
        for choice in domain:
            if left[0] <= 0:
                return None
            left[0] -= 1
            if choice in values.values() or choice > limits.get(name, choice):
                continue  # different numbers stay different
            new = {**values, name: choice}
            if all(_holds(rule, new) for rule in ready[at]):
                found = extend(at + 1, new)
                if found is not None:
                    return found
        return None

    return extend(0, {})


def stuck(
    originals: Mapping[str, Fraction], limits: Mapping[str, Fraction], rules: Sequence[Rule]
) -> frozenset[str]:
    """Letters that the rules about them alone leave no other value."""
    out = set()
    for name, original in originals.items():
        alone = [rule for rule in rules if letters_of(rule) == {name}]
        others = choices(original, limits.get(name), random.Random(0))
        if not any(all(_holds(rule, {name: v}) for rule in alone) for v in others):
            out.add(name)
    return frozenset(out)


def _forced(
    name: str, original: Fraction, rules: Sequence[Rule], values: Values
) -> list[Fraction] | None:
    """The one value that a tie of the letter with an expression of earlier letters leaves."""
    for rule in rules:
        if isinstance(rule, Tie):
            for one, two in ((rule.node, rule.other), (rule.other, rule.node)):
                if one == Letter(name) and name not in letters(two):
                    try:
                        return [v for v in (number(two, values),) if v != original]
                    except UnreadableError:
                        return []
    return None


def _holds(rule: Rule, values: Values) -> bool:
    try:
        return rule.holds(values)
    except UnreadableError:
        return False
