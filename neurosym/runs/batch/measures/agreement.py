"""Who agrees with whom: answers with gold answers, samples with samples, provers with provers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any, Final

import sqlalchemy as sa

from neurosym.runs.batch.measures.outcomes import CONCLUSIVE_NAMES
from neurosym.runs.batch.snapshot import Snapshot
from neurosym.runs.tables import attempts, problems

MOST_LABELS: Final = 12
NO_ANSWER: Final = "(no answer)"
OTHERS: Final = "(others)"
_MOST_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by row and column; ``counts`` has a tuple for each row. ``name`` is a set's, or ""."""

    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far several attempts at one problem say the same.

    ``samples`` counts pairs of attempts at a problem by what each says (its answer, or its
    outcome where there are too many answers), each pair once in either order; ``same`` of
    ``pairs`` say the same. ``provers`` counts the pairs of conclusive attempts by two provers,
    ``provers_same`` those of them with one outcome, in the same order. None: no such pairs.
    """

    pairs: int
    same: int
    samples: Matrix | None
    provers: Matrix | None
    provers_same: Matrix | None


def confusions(snapshot: Snapshot, sets: Iterable[str]) -> tuple[Matrix, ...]:
    """For each set with few gold answers: gold answers (rows) by answers by vote (columns)."""
    found = (_confusion(snapshot, form) for form in sets)
    return tuple(matrix for matrix in found if matrix is not None)


def _confusion(snapshot: Snapshot, form: str) -> Matrix | None:
    # Numbers as answers have too many values for a matrix, and are not read any further.
    distinct = (
        sa.select(problems.c.gold)
        .where(problems.c.form == form, problems.c.gold.is_not(None))
        .distinct()
        .limit(MOST_LABELS + 1)
    )
    golds = sorted(row.gold for row in snapshot.rows(distinct))
    if not 0 < len(golds) <= MOST_LABELS:
        return None
    counted = (
        sa.select(problems.c.gold, problems.c.answer, sa.func.count().label("number"))
        .where(problems.c.form == form, problems.c.gold.is_not(None))
        .group_by(problems.c.gold, problems.c.answer)
    )
    counts: Counter[tuple[str, str]] = Counter()
    others = nothing = False
    for row in snapshot.rows(counted):
        column = row.answer
        if column is None:
            column, nothing = NO_ANSWER, True
        elif column not in golds:
            column, others = OTHERS, True
        counts[row.gold, column] += row.number
    columns = [*golds, *([OTHERS] if others else []), *([NO_ANSWER] if nothing else [])]
    return _matrix(form, golds, columns, counts)


def agreement(snapshot: Snapshot) -> Agreement:
    """The agreement among the attempts at each problem, over all finished problems."""
    tally = _Tally()
    several = (
        sa.select(attempts.c.position, attempts.c.prover, attempts.c.outcome, attempts.c.answer)
        .join_from(problems, attempts, problems.c.position == attempts.c.position)
        .where(problems.c.attempts > 1)
        .order_by(problems.c.position, attempts.c.sample)
    )
    for _, made in groupby(snapshot.rows(several), key=lambda row: row.position):
        tally.add(made)
    return tally.result()


class _Tally:
    """Pairs of attempts, counted problem by problem; memory is bounded whatever they say."""

    def __init__(self) -> None:
        self.pairs = self.same = 0
        self._answers: Counter[tuple[str, str]] = Counter()
        self._outcomes: Counter[tuple[str, str]] = Counter()
        self._provers: Counter[tuple[str, str]] = Counter()
        self._provers_same: Counter[tuple[str, str]] = Counter()
        self._known: set[str] = set()

    def add(self, made: Iterator[sa.Row[Any]]) -> None:
        answers: Counter[str] = Counter()
        said: Counter[str] = Counter()
        outcomes: Counter[str] = Counter()
        decided: Counter[tuple[str, str]] = Counter()
        for row in made:
            outcomes[row.outcome] += 1
            # An answer that reads like an outcome is not one.
            said[row.outcome if row.answer is None else f"={row.answer}"] += 1
            answers[self._label(row.outcome if row.answer is None else row.answer)] += 1
            if row.outcome in CONCLUSIVE_NAMES and row.prover:
                decided[row.prover, row.outcome] += 1
        number = outcomes.total()
        self.pairs += number * (number - 1) // 2
        self.same += sum(n * (n - 1) // 2 for n in said.values())
        _add_pairs(self._answers, answers)
        _add_pairs(self._outcomes, outcomes)
        for (one, first), (other, second) in combinations(decided, 2):
            if one != other:
                pairs = decided[one, first] * decided[other, second]
                for pair in ((one, other), (other, one)):
                    self._provers[pair] += pairs
                    self._provers_same[pair] += pairs if first == second else 0

    def result(self) -> Agreement:
        few = OTHERS not in self._known and len(self._known) <= MOST_LABELS
        chosen = self._answers if few else self._outcomes
        names = _names(chosen)
        provers = _names(self._provers)[:MOST_LABELS]
        return Agreement(
            pairs=self.pairs,
            same=self.same,
            samples=_matrix("", names, names, chosen) if self.pairs else None,
            provers=_matrix("", provers, provers, self._provers) if provers else None,
            provers_same=_matrix("", provers, provers, self._provers_same) if provers else None,
        )

    def _label(self, label: str) -> str:
        if label not in self._known:
            if len(self._known) >= _MOST_KEPT:
                label = OTHERS
            self._known.add(label)
        return label


def _add_pairs(pairs: Counter[tuple[str, str]], labels: Counter[str]) -> None:
    """Count each pair of attempts once in either order, those that say the same once."""
    for label, number in labels.items():
        if number > 1:
            pairs[label, label] += number * (number - 1) // 2
    for one, other in combinations(labels, 2):
        for pair in ((one, other), (other, one)):
            pairs[pair] += labels[one] * labels[other]


def _names(pairs: Counter[tuple[str, str]]) -> list[str]:
    """What is paired, the most frequent first."""
    weights: Counter[str] = Counter()
    for (one, _), number in pairs.items():
        weights[one] += number
    return [name for name, _ in sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))]


def _matrix(
    name: str, rows: list[str], columns: list[str], counts: Counter[tuple[str, str]]
) -> Matrix:
    return Matrix(
        name,
        tuple(rows),
        tuple(columns),
        tuple(tuple(counts[row, column] for column in columns) for row in rows),
    )
