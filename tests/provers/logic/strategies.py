"""Random formulas for round trips: what each notation can express, in the parsers' normal form.

``formulas(vocabulary)`` takes a ``Vocabulary``; ``NLTK``, ``UNICODE`` and ``FIRST_ORDER`` (plain
names, for notations that escape) are ready made.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from provers.logic.syntax import (
    FALSE,
    INDIVIDUAL,
    REAL,
    TRUE,
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
    Pred,
    Term,
    Var,
    Xor,
    conjunction,
    disjunction,
)


@dataclass(frozen=True)
class Vocabulary:
    """Names by role, and which operators there are. Roles do not overlap within a notation."""

    predicates: tuple[str, ...] = ("P", "Likes", "Tall2")
    functions: tuple[str, ...] = ("f2", "Mother")
    constants: tuple[str, ...] = ("Rex", "bob", "c7")
    variables: tuple[str, ...] = ("x", "y", "z1")
    numeric: tuple[str, ...] = ()
    truth: bool = False
    xor: bool = False
    free: bool = True


FIRST_ORDER = Vocabulary(xor=True, truth=True)
NLTK = Vocabulary(
    predicates=("P", "Likes", "p", "all", "Non-Smoker", "k9", "Über", "is it"),
    functions=("Mother", "f", "the-father", '"q"'),
    constants=("Rex", "bob", "a", "1992", "42.3", "not", "Northern China", "don't"),
)
UNICODE = Vocabulary(
    predicates=("P", "Likes", "p", "Five-Story", "Über", "is it", "all"),
    functions=("mother", "f", "the-father"),
    constants=("rex", "a", "1992", "42.3", "c++", "nica'sMarket", "k-12", "New York", "y1950"),
    numeric=("age", "height"),
    variables=("x", "y", "z1", "person"),
    truth=True,
    xor=True,
)


@functools.cache
def _terms(vocabulary: Vocabulary, variables: tuple[Var, ...]) -> st.SearchStrategy[Term]:
    leaves = st.sampled_from([Apply(name) for name in vocabulary.constants] + list(variables))
    names = st.sampled_from(vocabulary.functions)
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            Apply, names, st.lists(inner, min_size=1, max_size=3).map(tuple), st.just(INDIVIDUAL)
        ),
        max_leaves=4,
    )


def _numbers(
    vocabulary: Vocabulary, individuals: st.SearchStrategy[Term]
) -> st.SearchStrategy[Term]:
    numerals = st.decimals(0, 1000, places=2).map(lambda d: Number(Fraction(d), REAL))
    measured = st.builds(
        Apply, st.sampled_from(vocabulary.numeric), st.tuples(individuals), st.just(REAL)
    )
    return st.recursive(
        numerals | measured,
        lambda inner: (
            st.builds(
                Arith,
                st.sampled_from(["+", "*"]),
                st.lists(inner, min_size=2, max_size=3).map(tuple),
            )
            | st.builds(Arith, st.just("-"), st.lists(inner, min_size=1, max_size=2).map(tuple))
        ),
        max_leaves=4,
    )


@functools.cache
def _atoms(vocabulary: Vocabulary, variables: tuple[Var, ...]) -> st.SearchStrategy[Formula]:
    terms = _terms(vocabulary, variables)
    atoms: st.SearchStrategy[Formula] = st.builds(
        Pred, st.sampled_from(vocabulary.predicates), st.lists(terms, max_size=3).map(tuple)
    ) | st.builds(Eq, terms, terms)
    if vocabulary.truth:
        atoms |= st.sampled_from([TRUE, FALSE])
    if vocabulary.numeric:
        numbers = _numbers(vocabulary, terms)
        measured = st.builds(
            Apply, st.sampled_from(vocabulary.numeric), st.tuples(terms), st.just(REAL)
        )
        order = st.sampled_from(["<", "<=", ">", ">="])
        atoms |= st.builds(Compare, order, measured, numbers)
    return atoms


@st.composite
def formulas(
    draw: st.DrawFn, vocabulary: Vocabulary, depth: int = 3, bound: tuple[str, ...] = ()
) -> Formula:
    """A formula of at most ``depth`` levels above its atoms; closed where ``free`` is off."""
    free = tuple(n for n in vocabulary.variables if len(n) <= 2) if vocabulary.free else ()
    variables = tuple(Var(n) for n in dict.fromkeys(bound + free))
    kinds = ["atom", "not", "and", "or", "implies", "iff", "all", "exists"]
    if vocabulary.xor:
        kinds.append("xor")
    kind = draw(st.sampled_from(kinds)) if depth else "atom"

    def inner() -> Formula:
        return draw(formulas(vocabulary, depth - 1, bound))

    match kind:
        case "not":
            return Not(inner())
        case "and":
            return conjunction(tuple(inner() for _ in range(draw(st.integers(2, 3)))))
        case "or":
            return disjunction(tuple(inner() for _ in range(draw(st.integers(2, 3)))))
        case "implies":
            return Implies(inner(), inner())
        case "iff":
            return Iff(inner(), inner())
        case "xor":
            return Xor(inner(), inner())
        case "all" | "exists":
            names = draw(
                st.lists(st.sampled_from(vocabulary.variables), min_size=1, max_size=2, unique=True)
            )
            body = draw(formulas(vocabulary, depth - 1, (*bound, *names)))
            quantifier = Forall if kind == "all" else Exists
            return quantifier(tuple(Var(n) for n in names), body)
        case _:
            return draw(_atoms(vocabulary, variables))
