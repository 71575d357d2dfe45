"""What may change in a problem, and which rules its numbers must keep."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Final

from neurosym.augment.numeric.constraints import Keep, Order, Rule, Tie, letters_of, stuck
from neurosym.augment.numeric.mentions import Mention, mentions
from neurosym.augment.numeric.sources import Pool, Source, Values, constants, filled, number
from neurosym.augment.numeric.tracing import Traced
from neurosym.translate.arithmetic.nodes import Letter, Node, Num, letters


@dataclass(frozen=True, slots=True)
class Freedom:
    """The letters that may change with their original values, and ``limits`` and ``rules`` on them.

    ``rest`` are the values of the letters that stay as they are.
    """

    variables: dict[str, Fraction]
    limits: dict[str, Fraction]
    rules: tuple[Rule, ...]
    rest: dict[str, Fraction]


def letter(exact: Fraction) -> str:
    """The letter for a number of the question: one for each value."""
    return f"x{exact.numerator}" + (f"_{exact.denominator}" if exact.denominator > 1 else "")


def pool_of(question: str) -> Pool:
    """The question's numbers; those of a fixed value are constants."""
    found = mentions(question)
    fixed = {m.value for m in found if m.fixed}
    pool = Pool(constants(question) | fixed)
    sources: dict[Fraction, Source] = {}
    for m in found:
        node: Node = Num(m.value) if m.value in fixed else Letter(letter(m.value))
        sources[m.value] = Source(node, m.value)
        percent = any(other.percent for other in found if other.value == m.value)
        pool.add(node, m.value, percent)
    for top, bottom in _fractions(question, found):
        pool.fraction(sources[top.value], sources[bottom.value])
    return pool


def freedom(question: str, traced: Sequence[Traced], pool: Pool) -> Freedom:
    """What may change: numbers that the solution uses, that are tied to no constant, and that
    have another value under the rules about them alone.
    """
    found = mentions(question)
    used = {name for step in traced for node in step.used for name in letters(node)}
    still = {letter(m.value) for m in found if m.fixed}
    for one, two in pool.ties:
        for node, other in ((one, two), (two, one)):
            if isinstance(node, Letter) and isinstance(other, Num):
                still.add(node.name)
    while True:
        names = [letter(m.value) for m in found]
        original = dict(zip(names, (m.value for m in found), strict=True))
        variables = {n: v for n, v in original.items() if n in used - still}
        rest = {n: v for n, v in original.items() if n not in variables}
        limits = _limits(question, found, variables)
        rules = _rules(question, found, traced, pool, variables, rest)
        more = stuck(variables, limits, rules)
        if not more:
            return Freedom(variables, limits, rules, rest)
        still |= more


def _fractions(question: str, found: Sequence[Mention]) -> list[tuple[Mention, Mention]]:
    pairs = pairwise(found)
    return [(a, b) for a, b in pairs if question[a.end : b.start] == "/" and b.value and a.value]


_CAPS: Final = (
    (r"[-\s]days?\b", r"\bweek", 7),
    (r"[-\s]days?\b", r"\bmonth", 30),
    (r"[-\s]hours?\b", r"\bda(?:y|ily)", 24),
    (r"[-\s]hours?\b", r"\bweek", 80),
    (r"[-\s]minutes?\b", r"", 60),
    (r"[-\s]months?\b", r"\byear", 12),
    (r"[-\s]weeks?\b", r"\bmonth", 4),
)


def _limits(
    question: str, found: Sequence[Mention], variables: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """No more than 7 days in a week, where the original has no more."""
    out: dict[str, Fraction] = {}
    for m in found:
        if letter(m.value) not in variables:
            continue
        for unit, whole, most in _CAPS:
            fits = re.match(unit, question[m.end :]) and re.search(whole, question)
            if fits and m.value <= most:
                name = letter(m.value)
                out[name] = min(Fraction(most), out.get(name, Fraction(most)))
        if m.percent and m.value < 100:
            out[letter(m.value)] = Fraction(99)
    return out


def _rules(
    question: str,
    found: Sequence[Mention],
    traced: Sequence[Traced],
    pool: Pool,
    variables: Values,
    rest: Values,
) -> tuple[Rule, ...]:
    original = {**variables, **rest}
    rules: list[Rule] = [
        Keep(Letter(letter(m.value)), m.value, m.style.places, m.percent) for m in found
    ]
    for step in traced:
        shown = zip(step.nodes, step.mentions, strict=True)
        rules += [Keep(node, m.value, m.style.places, m.percent) for node, m in shown]
        rules += [Keep(node, number(node, original)) for node in step.computed]
    rules += [Tie(one, two) for one, two in pool.ties]
    for top, bottom in _fractions(question, found):
        if top.value < bottom.value:
            one, two = Letter(letter(top.value)), Letter(letter(bottom.value))
            rules.append(Order(one, two, True, True))
    for m in found:
        # what is left as it is stays on its side of what changes
        if letter(m.value) in rest and m.value > 1 and not m.fixed:
            for name, value in variables.items():
                rules.append(Order(Letter(name), Num(m.value), value < m.value))
    about = (_with(rule, rest) for rule in rules)
    return tuple(dict.fromkeys(rule for rule in about if letters_of(rule)))


def _with(rule: Rule, values: Values) -> Rule:
    match rule:
        case Keep(node, original, places, percent):
            return Keep(filled(node, values), original, places, percent)
        case Tie(node, other):
            return Tie(filled(node, values), filled(other, values))
        case Order(node, other, less, lowest):
            return Order(filled(node, values), filled(other, values), less, lowest)
