"""How problems went: outcomes by set and by prover, solved, conclusive, accuracy by vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import sqlalchemy as sa

from neurosym.runs.batch.estimates import Share, share_of
from neurosym.runs.batch.snapshot import Snapshot
from neurosym.runs.tables import problems
from provers.base import CONCLUSIVE

CONCLUSIVE_NAMES: Final = frozenset(str(outcome) for outcome in CONCLUSIVE)
Division: TypeAlias = Literal["form", "prover"]


@dataclass(frozen=True, slots=True)
class Count:
    """How many have a name: an outcome, a reason, or why no more attempts were made."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """The problems of a set, those that a prover decided, or all (``name`` is empty).

    ``conclusive`` and ``solved`` are shares of all; ``accuracy`` is how many answers by vote are
    the gold answer among the problems that have one, ``answered`` among those of them that have
    an answer, too. ``seconds`` and ``tokens`` are sums over all attempts.
    """

    name: str
    problems: int
    outcomes: tuple[Count, ...]
    conclusive: Share
    solved: Share
    accuracy: Share
    answered: Share
    attempts: int
    seconds: float
    prover_seconds: float
    tokens: int


def groups(snapshot: Snapshot, division: Division) -> tuple[Group, ...]:
    """The finished problems, divided by set or prover; the largest group first."""
    column = problems.c[division]
    counted = sa.select(
        column.label("name"),
        problems.c.outcome,
        sa.func.count().label("number"),
        _sum(problems.c.solved),
        sa.func.count(problems.c.gold).label("gold"),
        _sum(problems.c.correct),
        sa.func.count(problems.c.correct).label("answered"),
        _sum(problems.c.attempts),
        _sum(problems.c.seconds),
        _sum(problems.c.prover_seconds),
        _sum(problems.c.tokens),
    ).group_by(column, problems.c.outcome)
    by_name: dict[str, list[Any]] = {}
    for row in snapshot.rows(counted):
        by_name.setdefault(row.name, []).append(row)
    found = (_group(name, rows) for name, rows in by_name.items())
    return tuple(sorted(found, key=lambda group: (-group.problems, group.name)))


def whole(parts: Iterable[Group]) -> Group:
    """All groups as one."""
    parts = list(parts)
    outcomes: Counter[str] = Counter()
    for part in parts:
        outcomes.update({count.name: count.number for count in part.outcomes})
    return Group(
        name="",
        problems=sum(part.problems for part in parts),
        outcomes=_counts(outcomes),
        conclusive=_together(part.conclusive for part in parts),
        solved=_together(part.solved for part in parts),
        accuracy=_together(part.accuracy for part in parts),
        answered=_together(part.answered for part in parts),
        attempts=sum(part.attempts for part in parts),
        seconds=sum(part.seconds for part in parts),
        prover_seconds=sum(part.prover_seconds for part in parts),
        tokens=sum(part.tokens for part in parts),
    )


def stopped(snapshot: Snapshot) -> tuple[Count, ...]:
    """Why no more attempts were made at problems; the most frequent first."""
    counted = sa.select(problems.c.stopped.label("name"), sa.func.count().label("number"))
    rows = snapshot.rows(counted.group_by(problems.c.stopped))
    return _counts(Counter({row.name: row.number for row in rows}))


def _group(name: str, rows: list[Any]) -> Group:
    number = sum(row.number for row in rows)
    conclusive = sum(row.number for row in rows if row.outcome in CONCLUSIVE_NAMES)
    correct = sum(row.correct for row in rows)
    return Group(
        name=name,
        problems=number,
        outcomes=_counts(Counter({row.outcome: row.number for row in rows})),
        conclusive=share_of(conclusive, number),
        solved=share_of(sum(row.solved for row in rows), number),
        accuracy=share_of(correct, sum(row.gold for row in rows)),
        answered=share_of(correct, sum(row.answered for row in rows)),
        attempts=sum(row.attempts for row in rows),
        seconds=sum(row.seconds for row in rows),
        prover_seconds=sum(row.prover_seconds for row in rows),
        tokens=sum(row.tokens for row in rows),
    )


def _sum(column: sa.Column[Any]) -> sa.Label[Any]:
    """The sum of a column, 0 for nothing; yes counts 1."""
    number = sa.cast(column, sa.Integer) if isinstance(column.type, sa.Boolean) else column
    return sa.func.coalesce(sa.func.sum(number), 0).label(column.name)


def _counts(counter: Counter[str]) -> tuple[Count, ...]:
    ordered = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Count(name, number) for name, number in ordered)


def _together(shares: Iterable[Share]) -> Share:
    shares = list(shares)
    return share_of(sum(s.part for s in shares), sum(s.whole for s in shares))
