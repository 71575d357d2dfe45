"""The ledger of a run: what was attempted and what came of it, in the run's own store."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from neurosym.runs.batch.base import Attempt, Task, inflated
from neurosym.runs.database import open_database, reader, said
from neurosym.runs.tables import attempts, deaths, problems

Key: TypeAlias = tuple[int, int]
_AT_ONCE = 250


@dataclass(frozen=True, slots=True)
class Problem:
    """A finished problem: what it was, and what its attempts come to.

    ``outcome``, ``reason``, ``answer`` and ``prover`` are those of the attempt ``chosen`` (its
    sample), whose answer ``votes`` attempts have. ``correct``: the answer is ``gold``, None
    without either; ``solved``: any attempt solved it; ``successes`` of ``attempts`` did.
    ``tries``: how often a worker died of it or a tool broke. ``stopped``: why no more attempts
    were made: ``all``, ``solved``, ``final``, ``seconds``, ``tokens``, or ``given_up``.
    """

    position: int
    id: str
    form: str
    kind: str
    file: str
    line: int
    digest: str
    gold: str | None
    outcome: str
    reason: str
    answer: str | None
    correct: bool | None
    solved: bool
    chosen: int
    votes: int
    attempts: int
    successes: int
    prover: str
    seconds: float
    prover_seconds: float
    tokens: int
    tries: int
    stopped: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An attempt as it is kept, without its output."""

    position: int
    sample: int
    outcome: str
    reason: str
    answer: str | None
    solved: bool
    final: bool
    prover: str
    seconds: float
    prover_seconds: float
    tokens: int


_NAMES = tuple(field.name for field in fields(Problem))
_VALUES = operator.attrgetter(*_NAMES)
_PROBLEM = tuple(problems.c[name] for name in _NAMES)
_KEPT = tuple(attempts.c[field.name] for field in fields(Kept))
_ATTEMPT = sqlite.insert(attempts).on_conflict_do_nothing()
_ENDED = sqlite.insert(problems).on_conflict_do_nothing()
_died = sqlite.insert(deaths)
_DIED = _died.on_conflict_do_update(
    index_elements=[deaths.c.position, deaths.c.sample],
    set_={"tries": _died.excluded.tries, "why": _died.excluded.why},
)


class Ledger:
    """The attempts and problems of a run; written by one coordinator, read by anyone meanwhile.

    Every method raises BrokenToolError where the database does not answer, is damaged, or the
    disk is full.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """The engine, from ``open_database``, is the ledger's from now on."""
        self._engine = engine
        self._reader = reader(engine)

    @classmethod
    def open(cls, file: Path) -> Ledger:
        """The ledger in a SQLite file, made where there is none. Raises as ``open_database``."""
        # Question marks and the like in a folder's name are no part of a URL.
        place = sa.URL.create("sqlite", database=str(file))
        return cls(open_database(place.render_as_string()))

    def close(self) -> None:
        self._engine.dispose()

    # --- writing -----------------------------------------------------------------------------

    def write(self, made: Sequence[tuple[int, Attempt]], ended: Sequence[Problem] = ()) -> None:
        """Keep attempts, each with its problem's position, and finished problems, all or none.

        What is there already stays as it is.
        """
        if not made and not ended:
            return
        rows = [_row(position, attempt) for position, attempt in made]
        with said(self._engine.url), self._engine.begin() as connection:
            if rows:
                connection.execute(_ATTEMPT, rows)
            if ended:
                connection.execute(_ENDED, [fields_of(problem) for problem in ended])

    def write_death(self, task: Task, tries: int, why: str) -> None:
        """Keep that a worker died ``tries`` times of an attempt."""
        row = {"position": task.position, "sample": task.sample, "tries": tries, "why": why[:2000]}
        with said(self._engine.url), self._engine.begin() as connection:
            connection.execute(_DIED, row)

    # --- reading -----------------------------------------------------------------------------

    def ended(self, first: int, count: int) -> frozenset[int]:
        """The finished ones among ``count`` positions from ``first``."""
        chosen = sa.select(problems.c.position).where(
            problems.c.position.between(first, first + count - 1)
        )
        with said(self._engine.url), self._reader.connect() as connection:
            return frozenset(connection.scalars(chosen))

    def kept(self, first: int, count: int) -> dict[int, list[Kept]]:
        """The attempts at ``count`` positions from ``first``, by position, in order."""
        chosen = (
            sa.select(*_KEPT)
            .where(attempts.c.position.between(first, first + count - 1))
            .order_by(attempts.c.position, attempts.c.sample)
        )
        found: dict[int, list[Kept]] = {}
        with said(self._engine.url), self._reader.connect() as connection:
            for row in connection.execute(chosen):
                found.setdefault(row.position, []).append(Kept(*row))
        return found

    def deaths(self) -> dict[Key, tuple[int, str]]:
        """How often workers died of attempts, and of what the last time."""
        with said(self._engine.url), self._reader.connect() as connection:
            return {
                (r.position, r.sample): (r.tries, r.why) for r in connection.execute(_ALL_DEATHS)
            }

    def totals(self) -> list[sa.Row[Any]]:
        """For each outcome: ``outcome``, ``number`` of finished problems, how many ``solved``."""
        return self.select(_TOTALS)

    def spent(self) -> tuple[int, int]:
        """How many attempts were made, and tokens generated."""
        (row,) = self.select(_SPENT)
        return int(row.number), int(row.tokens)

    def problems(self, *where: sa.ColumnElement[bool]) -> Iterator[Problem]:
        """The finished problems in order, a page at a time; ``where`` on ``tables.problems``."""
        for rows in self._pages(problems.c.position, _PROBLEM, where):
            yield from (_problem(row) for row in rows)

    def outputs(self, position: int) -> dict[int, dict[str, Any]]:
        """The outputs of the attempts at a problem, by sample."""
        chosen = sa.select(attempts.c.sample, attempts.c.body).where(
            attempts.c.position == position
        )
        with said(self._engine.url), self._reader.connect() as connection:
            return {r.sample: json.loads(inflated(r.body)) for r in connection.execute(chosen)}

    def results(self) -> Iterator[tuple[Problem, Kept, str]]:
        """Every finished problem with its attempts and their outputs' JSON, in order."""
        for rows in self._pages(problems.c.position, _PROBLEM, ()):
            page = [_problem(row) for row in rows]
            inside = attempts.c.position.between(page[0].position, page[-1].position)
            chosen = sa.select(*_KEPT, attempts.c.body).where(inside)
            chosen = chosen.order_by(attempts.c.position, attempts.c.sample)
            of = {problem.position: problem for problem in page}
            with said(self._engine.url), self._reader.connect() as connection:
                made = connection.execute(chosen).all()
            for row in made:
                if row.position in of:
                    yield of[row.position], Kept(*row[:-1]), inflated(row.body)

    def select(self, statement: sa.Select[Any]) -> list[sa.Row[Any]]:
        """The rows of a statement over ``tables.problems`` and ``tables.attempts``."""
        with said(self._engine.url), self._reader.connect() as connection:
            return list(connection.execute(statement))

    def _pages(
        self,
        key: sa.Column[int],
        columns: Iterable[sa.Column[Any]],
        where: Sequence[sa.ColumnElement[bool]],
    ) -> Iterator[Sequence[sa.Row[Any]]]:
        last = -1
        names = list(columns)
        while True:
            chosen = sa.select(*names).where(key > last, *where).order_by(key).limit(_AT_ONCE)
            with said(self._engine.url), self._reader.connect() as connection:
                rows = connection.execute(chosen).all()
            if not rows:
                return
            yield rows
            last = rows[-1].position


_TOTALS = sa.select(
    problems.c.outcome,
    sa.func.count().label("number"),
    sa.func.sum(sa.cast(problems.c.solved, sa.Integer)).label("solved"),
).group_by(problems.c.outcome)
_SPENT = sa.select(
    sa.func.count().label("number"),
    sa.func.coalesce(sa.func.sum(attempts.c.tokens), 0).label("tokens"),
).select_from(attempts)
_ALL_DEATHS = sa.select(deaths.c.position, deaths.c.sample, deaths.c.tries, deaths.c.why)


def fields_of(problem: Problem) -> dict[str, Any]:
    """A finished problem's fields by name."""
    return dict(zip(_NAMES, _VALUES(problem), strict=True))


def _row(position: int, attempt: Attempt) -> dict[str, Any]:
    return {
        "position": position,
        "sample": attempt.sample,
        "outcome": attempt.outcome,
        "reason": attempt.reason,
        "answer": attempt.answer,
        "solved": attempt.solved,
        "final": attempt.final,
        "prover": attempt.prover,
        "seconds": attempt.seconds,
        "prover_seconds": attempt.prover_seconds,
        "tokens": attempt.tokens,
        "body": attempt.body,
    }


def _problem(row: sa.Row[Any]) -> Problem:
    return Problem(**dict(zip(_NAMES, row, strict=True)))
