"""How long problems took, and how many were solved in which time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from neurosym.runs.batch.measures.outcomes import Group
from neurosym.runs.batch.measures.passes import first_successes
from neurosym.runs.batch.snapshot import Snapshot
from neurosym.runs.tables import attempts, problems

MOST_POINTS: Final = 300
MOST_SERIES: Final = 6


@dataclass(frozen=True, slots=True)
class Times:
    """Wall-clock seconds of the problems of a set, or of all (``name`` is empty).

    ``median``, ``p95`` and ``longest`` are seconds of one problem, all its attempts together;
    each is the time of a problem that there is. ``prover_share`` is how much of it provers took.
    """

    name: str
    problems: int
    seconds: float
    prover_share: float | None
    median: float | None
    p95: float | None
    longest: float | None


@dataclass(frozen=True, slots=True)
class Series:
    """How many problems were solved in at most so many seconds, by one prover or by any.

    ``points`` are (seconds, problems), both growing, at most some hundreds of them. The time of a
    problem is that of its attempts up to the first that solved it.
    """

    name: str
    solved: int
    points: tuple[tuple[float, int], ...]


def times(snapshot: Snapshot, total: Group, sets: Sequence[Group]) -> tuple[Times, ...]:
    """The times of all problems, then of each set."""
    groups = {group.name: group for group in sets}
    wanted = {name: _ranks(group.problems) for name, group in groups.items()}
    wanted_of_all = _ranks(total.problems)
    seen: Counter[str] = Counter()
    found: dict[tuple[str, int], float] = {}
    of_all: dict[int, float] = {}
    ordered = sa.select(problems.c.seconds, problems.c.form).order_by(problems.c.seconds)
    for rank, row in enumerate(snapshot.rows(ordered), 1):
        if rank in wanted_of_all:
            of_all[rank] = row.seconds
        seen[row.form] += 1
        if seen[row.form] in wanted[row.form]:
            found[row.form, seen[row.form]] = row.seconds
    measured = [_times(total, [of_all.get(rank) for rank in wanted_of_all])]
    for name, group in groups.items():
        measured.append(_times(group, [found.get((name, rank)) for rank in wanted[name]]))
    return tuple(measured)


def cactus(snapshot: Snapshot) -> tuple[Series, ...]:
    """The series of all problems, then of the provers that solved most."""
    firsts = first_successes()
    solving = attempts.alias("solving")
    taken = (
        sa.select(
            sa.func.sum(attempts.c.seconds).label("seconds"), solving.c.prover.label("prover")
        )
        .select_from(firsts)
        .join(problems, problems.c.position == firsts.c.position)
        .join(
            solving,
            sa.and_(solving.c.position == firsts.c.position, solving.c.sample == firsts.c.first),
        )
        .join(
            attempts,
            sa.and_(attempts.c.position == firsts.c.position, attempts.c.sample <= firsts.c.first),
        )
        .group_by(firsts.c.position)
        .subquery("taken")
    )
    counted = sa.select(taken.c.prover, sa.func.count().label("number")).group_by(taken.c.prover)
    numbers = Counter({row.prover: row.number for row in snapshot.rows(counted)})
    shown = [name for name, _ in sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))]
    sampled = {name: _Sampled(numbers[name]) for name in shown[:MOST_SERIES]}
    everything = _Sampled(numbers.total())
    for row in snapshot.rows(sa.select(taken).order_by(taken.c.seconds)):
        everything.add(row.seconds)
        if row.prover in sampled:
            sampled[row.prover].add(row.seconds)
    if not everything.total:
        return ()
    of_provers = (Series(name, one.total, tuple(one.points)) for name, one in sampled.items())
    return (Series("", everything.total, tuple(everything.points)), *of_provers)


class _Sampled:
    """Times in ascending order, of which the first, the last and some between are kept."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.points: list[tuple[float, int]] = []
        self._rank = 0

    def add(self, seconds: float) -> None:
        self._rank += 1
        before, now = (MOST_POINTS * rank // self.total for rank in (self._rank - 1, self._rank))
        if self._rank in (1, self.total) or before != now:
            self.points.append((seconds, self._rank))


def _ranks(number: int) -> tuple[int, int, int]:
    """The ranks, from 1, of the median, the 95th percentile and the maximum."""
    return math.ceil(0.5 * number), math.ceil(0.95 * number), number


def _times(group: Group, at: Sequence[float | None]) -> Times:
    median, p95, longest = at
    return Times(
        name=group.name,
        problems=group.problems,
        seconds=group.seconds,
        prover_share=group.prover_seconds / group.seconds if group.seconds > 0 else None,
        median=median,
        p95=p95,
        longest=longest,
    )
