"""One thing changed in a formula, at random: a number, a name, a negation, and others.

Each takes a pair and a source of chance and gives the changed formula, or None where the formula
has nothing to change. Whether the result still means the same is for a prover to say.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, TypeAlias

from neurosym.verify.fidelity.names import symbols
from provers.logic.syntax import (
    REAL,
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
    Term,
    Xor,
    terms,
    walk,
)


@dataclass(frozen=True, slots=True)
class Pair:
    source: str
    text: str
    formula: Formula
    names: frozenset[str]
    pool: tuple[Formula, ...]
    """formulas of the same problem, from which a wrong name is taken"""


Corruption: TypeAlias = Callable[[Pair, random.Random], Formula | None]


Change: TypeAlias = Callable[[Formula | Term], Formula | Term | None]


def _changed(formula: Formula, at: int, change: Change, fits: Callable[[Any], bool]) -> Formula:
    """The formula with ``change`` made to the ``at``-th node (outermost first) that fits."""
    seen = -1

    def go(node: Any) -> Any:
        nonlocal seen
        if fits(node):
            seen += 1
            if seen == at:
                return change(node)
        match node:
            case Pred(name, args):
                return Pred(name, tuple(map(go, args)))
            case Apply(name, args, sort):
                return Apply(name, tuple(map(go, args)), sort)
            case Arith(op, args, sort):
                return Arith(op, tuple(map(go, args)), sort)
            case Compare(op, left, right):
                return Compare(op, go(left), go(right))
            case Eq(left, right) | Implies(left, right) | Iff(left, right) | Xor(left, right):
                return type(node)(go(left), go(right))
            case Not(body):
                return Not(go(body))
            case And(args) | Or(args):
                return type(node)(tuple(map(go, args)))
            case Forall(bound, body) | Exists(bound, body):
                return type(node)(bound, go(body))
            case _:
                return node

    changed: Formula = go(formula)
    return changed


def _nodes(formula: Formula, fits: Callable[[Any], bool]) -> int:
    return sum(map(fits, walk(formula))) + sum(map(fits, terms(formula)))


def _at_random(
    pair: Pair, chance: random.Random, fits: Callable[[Any], bool], change: Change
) -> Formula | None:
    count = _nodes(pair.formula, fits)
    return _changed(pair.formula, chance.randrange(count), change, fits) if count else None


_DIGITS: Final = re.compile(r"\d+")
_WORDS: Final = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve")
_WORD: Final = re.compile("|".join(_WORDS), re.IGNORECASE)


def _has_number(node: Any) -> bool:
    if isinstance(node, Number):
        return node.value.denominator == 1
    if not isinstance(node, Pred | Apply) or (isinstance(node, Apply) and node.sort == REAL):
        return False
    return bool(_DIGITS.search(node.name) or _numbered(node.name))


def _numbered(name: str) -> re.Match[str] | None:
    """A number word that is a word of the name: ``TwoYellow``, but not ``often``."""
    for match in _WORD.finditer(name):
        after = name[match.end() : match.end() + 1]
        if match.group()[0].isupper() and not after.islower():
            return match
    return None


def number(pair: Pair, chance: random.Random) -> Formula | None:
    others = [t.value for t in terms(pair.formula) if isinstance(t, Number)]

    def new(value: Fraction) -> Fraction:
        options = {value + 1, value * 10, value + 10, *others} | (
            {value - 1} if value > 2 else set()
        )
        swapped = Fraction(str(value)[::-1]) if value > 9 else value + 2
        return chance.choice(sorted((options | {swapped}) - {value}))

    def change(node: Formula | Term) -> Formula | Term:
        if isinstance(node, Number):
            return Number(new(node.value), node.sort)
        assert isinstance(node, Pred | Apply)
        match = _DIGITS.search(node.name)
        if match:
            word = str(new(Fraction(match.group())))
        else:
            match = _numbered(node.name)
            assert match is not None
            word = chance.choice([w for w in _WORDS if w != match.group().lower()]).capitalize()
        name = node.name[: match.start()] + word + node.name[match.end() :]
        return (
            Pred(name, node.args) if isinstance(node, Pred) else Apply(name, node.args, node.sort)
        )

    return _at_random(pair, chance, _has_number, change)


def name(pair: Pair, chance: random.Random) -> Formula | None:
    """One occurrence of a predicate or constant becomes another one of the same problem."""
    known = sorted(
        {symbol for formula in pair.pool for symbol in symbols(formula)},
        key=lambda s: (s.name, s.arity, s.predicate),
    )

    def others(node: Pred | Apply) -> list[str]:
        predicate = isinstance(node, Pred)
        return [
            s.name
            for s in known
            if s.predicate == predicate and s.arity == len(node.args) and s.name != node.name
        ]

    def fits(node: Any) -> bool:
        return isinstance(node, Pred | Apply) and bool(others(node))

    def change(node: Formula | Term) -> Formula | Term:
        assert isinstance(node, Pred | Apply)
        name = chance.choice(others(node))
        return (
            Pred(name, node.args) if isinstance(node, Pred) else Apply(name, node.args, node.sort)
        )

    return _at_random(pair, chance, fits, change)


def _is_denial(node: Any) -> bool:
    return isinstance(node, Not) and not isinstance(node.body, Eq)


def negation(pair: Pair, chance: random.Random) -> Formula | None:
    """A denial is dropped or an atom denied; "two different things" (¬ x = y) stays as it is."""
    if _nodes(pair.formula, _is_denial) and chance.random() < 0.5:
        return _at_random(pair, chance, _is_denial, lambda node: node.body)
    return _at_random(pair, chance, _is_plain_atom(pair.formula), Not)


def _is_plain_atom(formula: Formula) -> Callable[[Any], bool]:
    """Atoms that are not denied already, so that none is denied twice."""
    denied = {id(f.body) for f in walk(formula) if isinstance(f, Not)}
    return lambda node: isinstance(node, Pred) and id(node) not in denied


def moved(pair: Pair, chance: random.Random) -> Formula | None:
    """A denial goes to another atom."""
    dropped = _at_random(pair, chance, _is_denial, lambda node: node.body)
    if dropped is None:
        return None
    free = Pair(pair.source, pair.text, dropped, pair.names, pair.pool)
    return _at_random(free, chance, _is_plain_atom(dropped), Not)


def quantifier(pair: Pair, chance: random.Random) -> Formula | None:
    def change(node: Formula | Term) -> Formula | Term:
        assert isinstance(node, Forall | Exists)
        kind = Exists if isinstance(node, Forall) else Forall
        return kind(node.vars, node.body)

    return _at_random(pair, chance, lambda node: isinstance(node, Forall | Exists), change)


def direction(pair: Pair, chance: random.Random) -> Formula | None:
    def change(node: Formula | Term) -> Formula | Term:
        assert isinstance(node, Implies)
        return Implies(node.right, node.left)

    return _at_random(pair, chance, lambda node: isinstance(node, Implies), change)


def arguments(pair: Pair, chance: random.Random) -> Formula | None:
    def change(node: Formula | Term) -> Formula | Term:
        assert isinstance(node, Pred)
        return Pred(node.name, node.args[::-1])

    def fits(node: Any) -> bool:
        return isinstance(node, Pred) and len(node.args) == 2 and node.args[0] != node.args[1]

    return _at_random(pair, chance, fits, change)


def connective(pair: Pair, chance: random.Random) -> Formula | None:
    def change(node: Formula | Term) -> Formula | Term:
        assert isinstance(node, And | Or)
        return Or(node.args) if isinstance(node, And) else And(node.args)

    return _at_random(pair, chance, lambda node: isinstance(node, And | Or), change)
