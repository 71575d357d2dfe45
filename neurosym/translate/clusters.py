"""Samples of a formalisation, grouped by what they say, which a prover decides.

Two samples in one group are the same answer in two spellings. A prover that does not know keeps
them apart, and is counted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeAlias, TypeVar

from neurosym.translate.atoms import rename_symbols
from provers.base import Outcome, Problem, Result
from provers.logic import signature
from provers.logic.canonical import canonical
from provers.logic.syntax import And, Formula, Iff, conjunction

Prove: TypeAlias = Callable[[Problem], Result]
MOST_ASKED: Final = 100

Item = TypeVar("Item", Formula, Problem)


@dataclass(frozen=True, slots=True)
class Cluster(Generic[Item]):
    """Equivalent samples: their places among the samples, and the first of them."""

    members: tuple[int, ...]
    first: Item

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Clustering(Generic[Item]):
    """All samples in clusters, the largest first, then the one whose first sample came first.

    ``asked`` counts the prover's calls, ``unknown`` the pairs kept apart because it did not know
    or the calls ran out.
    """

    clusters: tuple[Cluster[Item], ...]
    asked: int = 0
    unknown: int = 0

    @property
    def majority(self) -> Cluster[Item] | None:
        """The largest cluster; the earliest of those where there are several (see ``tied``)."""
        return self.clusters[0] if self.clusters else None

    @property
    def agreement(self) -> float:
        """The share of the samples in the largest cluster; 0 without samples."""
        samples = sum(cluster.size for cluster in self.clusters)
        return self.clusters[0].size / samples if samples else 0.0

    @property
    def tied(self) -> tuple[Cluster[Item], ...]:
        """The largest clusters, where there is more than one of that size."""
        largest = [c for c in self.clusters if c.size == self.clusters[0].size]
        return tuple(largest) if len(largest) > 1 else ()


def cluster(
    formulas: Sequence[Formula], prove: Prove, most_asked: int = MOST_ASKED
) -> Clustering[Formula]:
    """Closed formulas over one vocabulary, grouped by equivalence.

    Formulas of different symbols are kept apart unasked: one of them then says something of
    what the other does not mention. At most ``most_asked`` questions are put to the prover.
    """
    groups = _Groups[Formula](prove, most_asked, Iff)
    for formula in formulas:
        groups.add(formula, (canonical(formula),), formula)
    return groups.done()


def cluster_problems(
    problems: Sequence[Problem], prove: Prove, most_asked: int = MOST_ASKED
) -> Clustering[Problem]:
    """Formalisations of one problem, grouped by equivalence up to the names of their symbols.

    Each sample made its own names. So symbols are numbered in order of their first use, and two
    samples are the same where, so numbered, their premises together and their goals are
    equivalent: they then have the same verdict.
    """
    groups = _Groups[Problem](prove, most_asked, _both)
    for problem in problems:
        parts = _numbered(problem)
        groups.add(problem, tuple(map(canonical, parts)), And(parts))
    return groups.done()


def _numbered(problem: Problem) -> tuple[Formula, ...]:
    """The premises' conjunction, the goal and its negation, with numbered symbols."""
    numbering = _Numbering()
    premises = conjunction(tuple(map(numbering.formula, problem.premises)))
    if problem.goal is None:
        return premises, premises
    goal = numbering.formula(problem.goal)
    return premises, goal, numbering.formula(problem.negated_goal)


def _both(one: Formula, other: Formula) -> Formula:
    """That each part of one is equivalent to that part of the other."""
    assert isinstance(one, And) and isinstance(other, And)
    return conjunction(tuple(map(Iff, one.args, other.args)))


@dataclass(slots=True)
class _Group(Generic[Item]):
    first: Item
    form: tuple[Formula, ...]
    formula: Formula
    symbols: frozenset[signature.Symbol]
    members: list[int]


@dataclass(slots=True)
class _Groups(Generic[Item]):
    prove: Prove
    most_asked: int
    equivalence: Callable[[Formula, Formula], Formula]
    groups: list[_Group[Item]] = field(default_factory=list)
    samples: int = 0
    asked: int = 0
    unknown: int = 0

    def add(self, item: Item, form: tuple[Formula, ...], formula: Formula) -> None:
        """Put the next sample into the group of its equals; ``form`` is its canonical form."""
        number, self.samples = self.samples, self.samples + 1
        for group in self.groups:
            if group.form == form:
                group.members.append(number)
                return
        used: signature.Signature = signature.infer([formula])
        symbols = frozenset((*used.functions, *used.predicates))
        for group in self.groups:
            if group.symbols == symbols and self._equivalent(group.formula, formula):
                group.members.append(number)
                return
        self.groups.append(_Group(item, form, formula, symbols, [number]))

    def _equivalent(self, one: Formula, other: Formula) -> bool:
        if self.asked >= self.most_asked:
            self.unknown += 1
            return False
        self.asked += 1
        outcome = self.prove(Problem((), self.equivalence(one, other))).outcome
        if outcome not in (Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT):
            self.unknown += 1
        return outcome is Outcome.PROVED

    def done(self) -> Clustering[Item]:
        ordered = sorted(self.groups, key=lambda g: (-len(g.members), g.members[0]))
        clusters = tuple(Cluster(tuple(g.members), g.first) for g in ordered)
        return Clustering(clusters, self.asked, self.unknown)


class _Numbering:
    """Symbols under names made of their number, in order of first use."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str, int], str] = {}
        self._next = itertools.count()

    def _name(self, kind: str, name: str, arity: int) -> str:
        known = self._numbers.get((kind, name, arity))
        if known is None:
            known = f"{kind}{next(self._next)}"
            self._numbers[kind, name, arity] = known
        return known

    def formula(self, formula: Formula) -> Formula:
        return rename_symbols(
            formula,
            lambda name, arity: self._name("p", name, arity),
            lambda name, arity: self._name("f", name, arity),
        )
