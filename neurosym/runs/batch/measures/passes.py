"""The pass@k curve of a run, by the estimator that the way its problems stopped allows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from neurosym.runs.batch.estimates import (
    Estimate,
    Estimator,
    points,
    prefix_curve,
    unbiased_curve,
)
from neurosym.runs.batch.snapshot import Snapshot
from neurosym.runs.tables import attempts, problems

UNBIASED: Final = (
    "the unbiased estimator 1 - C(n-c, k) / C(n, k), averaged over problems (Chen et al. 2021)"
)
PREFIX: Final = (
    "the share of problems solved within their first k samples, since problems stopped at their "
    "first success or at a budget, where the estimator of Chen et al. would be too high"
)


@dataclass(frozen=True, slots=True)
class SetCurve:
    """The curve of one set."""

    name: str
    problems: int
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True)
class PassCurve:
    """pass@k over all problems and for each set, up to the ``samples`` that the run makes.

    ``given_up`` problems, whose prover or worker broke again and again, count as failing in the
    samples that were not made.
    """

    samples: int
    estimator: Estimator
    how: str
    given_up: int
    estimates: tuple[Estimate, ...]
    sets: tuple[SetCurve, ...]


def pass_curve(snapshot: Snapshot, samples: int) -> PassCurve:
    """The curve of a run that makes ``samples`` attempts at each problem.

    Raises MissingToolError without numpy where the interval is a bootstrap's.
    """
    cells: dict[str, Counter[tuple[int, int]]] = {}
    unbiased = True
    given_up = 0
    counted = sa.select(
        problems.c.form,
        problems.c.attempts,
        problems.c.successes,
        problems.c.stopped,
        sa.func.count().label("number"),
    ).group_by(problems.c.form, problems.c.attempts, problems.c.successes, problems.c.stopped)
    for row in snapshot.rows(counted):
        n, c = row.attempts, row.successes
        given_up += row.number if row.stopped == "given_up" else 0
        if n < samples and row.stopped == "final" and c in (0, n):
            n, c = samples, samples if c else 0  # more attempts would find the same
        elif n < samples and row.stopped == "given_up":
            n = samples
        # Under early stop a problem may have all its samples only because none before succeeded.
        unbiased = unbiased and n >= samples and (row.stopped != "solved" or samples == 1)
        cells.setdefault(row.form, Counter())[n, c] += row.number
    together: Counter[tuple[int, int]] = Counter()
    for cell in cells.values():
        together.update(cell)
    numbers = {form: cell.total() for form, cell in cells.items()}
    order = sorted(numbers, key=lambda form: (-numbers[form], form))
    ks = points(samples)
    if unbiased:
        curves = {form: unbiased_curve(cells[form], ks) for form in order}
        curve = unbiased_curve(together, ks)
    else:
        firsts = _firsts(snapshot)
        curves = {form: prefix_curve(firsts.get(form, {}), numbers[form], ks) for form in order}
        first: Counter[int] = Counter()
        for one in firsts.values():
            first.update(one)
        curve = prefix_curve(first, together.total(), ks)
    return PassCurve(
        samples=samples,
        estimator="unbiased" if unbiased else "prefix",
        how=UNBIASED if unbiased else PREFIX,
        given_up=given_up,
        estimates=curve,
        sets=tuple(SetCurve(form, numbers[form], curves[form]) for form in order),
    )


def first_successes() -> sa.Subquery:
    """Each solved problem's ``position`` and the sample that solved it ``first``."""
    return (
        sa.select(attempts.c.position, sa.func.min(attempts.c.sample).label("first"))
        .where(attempts.c.solved)
        .group_by(attempts.c.position)
        .subquery("firsts")
    )


def _firsts(snapshot: Snapshot) -> dict[str, Counter[int]]:
    """For each set, how many problems were first solved at which sample."""
    firsts = first_successes()
    counted = (
        sa.select(problems.c.form, firsts.c.first, sa.func.count().label("number"))
        .join_from(firsts, problems, firsts.c.position == problems.c.position)
        .group_by(problems.c.form, firsts.c.first)
    )
    found: dict[str, Counter[int]] = {}
    for row in snapshot.rows(counted):
        found.setdefault(row.form, Counter())[row.first] += row.number
    return found
