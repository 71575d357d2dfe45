"""Leases: the right to work on a job, held for as long as its holder shows that it lives.

Every change of a running job asks whether the lease still holds, so that a process which was
thought dead cannot end a job a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from neurosym.runs.database import now, reader, said
from neurosym.runs.jobs import FREE, end
from neurosym.runs.tables import jobs, outputs

# A job that takes its server down with it must not do so for ever.
MOST_DEATHS = 20
_DIED = b'{"title":"Server died","detail":"The server died %d times while it did this job."}'


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on a job; ``finished`` are the inputs that have an output already."""

    serial: int
    id: str
    kind: str
    body: bytes
    many: bool
    total: int
    owner: str
    attempt: int
    finished: frozenset[int]


class Leases:
    """The work on the jobs of a database; thread-safe, and safe for many processes at once.

    Every method raises BrokenToolError where the database does not answer or is damaged.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reader = reader(engine)

    def claim(self, owner: str, seconds: float) -> Lease | None:
        """The oldest waiting job, leased for ``seconds``; None where none waits."""
        waiting = sa.select(jobs).where(jobs.c.state == "queued").order_by(jobs.c.serial).limit(1)
        with said(self._engine.url):
            # Looking first keeps those who have nothing to do from holding up who writes.
            with self._reader.connect() as connection:
                if connection.execute(waiting.with_only_columns(jobs.c.serial)).first() is None:
                    return None
            with self._engine.begin() as connection:
                row = connection.execute(waiting.with_for_update(skip_locked=True)).first()
                if row is None:
                    return None
                time = now(self._engine)
                connection.execute(
                    sa.update(jobs)
                    .where(jobs.c.serial == row.serial)
                    .values(
                        state="running",
                        owner=owner,
                        until=time + seconds,
                        attempt=row.attempt + 1,
                        started=sa.func.coalesce(jobs.c.started, time),
                    )
                )
                done = connection.scalars(
                    sa.select(outputs.c.position).where(outputs.c.job == row.serial)
                )
                return Lease(
                    row.serial,
                    row.id,
                    row.kind,
                    bytes(row.body),
                    row.many,
                    row.total,
                    owner,
                    row.attempt + 1,
                    frozenset(done),
                )

    def renew(self, owner: str, leases: Sequence[Lease], seconds: float) -> frozenset[str]:
        """Hold the leases for ``seconds`` from now; the ids of those that still are the owner's."""
        mine = jobs.c.serial.in_([lease.serial for lease in leases]) & _held(owner)
        with said(self._engine.url), self._engine.begin() as connection:
            connection.execute(
                sa.update(jobs).where(mine).values(until=now(self._engine) + seconds)
            )
            attempts = {lease.id: lease.attempt for lease in leases}
            held = connection.execute(sa.select(jobs.c.id, jobs.c.attempt).where(mine))
            return frozenset(row.id for row in held if attempts[row.id] == row.attempt)

    def record(
        self, lease: Lease, position: int, output: bytes
    ) -> Literal["running", "done", "lost"]:
        """Keep the output of one input; the last one ends the job. ``lost``: nothing was kept."""
        with said(self._engine.url), self._engine.begin() as connection:
            last = jobs.c.completed + 1 == jobs.c.total
            changed = connection.execute(
                sa.update(jobs)
                .where(_holds(lease))
                .values(
                    completed=jobs.c.completed + 1,
                    state=sa.case((last, "done"), else_=jobs.c.state),
                    finished=sa.case((last, now(self._engine)), else_=None),
                    owner=sa.case((last, None), else_=jobs.c.owner),
                    until=sa.case((last, None), else_=jobs.c.until),
                )
            )
            if changed.rowcount != 1:
                return "lost"
            connection.execute(
                sa.insert(outputs).values(job=lease.serial, position=position, body=output)
            )
            state = connection.scalar(sa.select(jobs.c.state).where(jobs.c.serial == lease.serial))
            return "done" if state == "done" else "running"

    def fail(self, lease: Lease, error: bytes) -> bool:
        """End the job with an error, which is JSON; False where the lease is lost."""
        with said(self._engine.url), self._engine.begin() as connection:
            return end(connection, _holds(lease), "failed", error=error) == 1

    def release(self, leases: Iterable[Lease]) -> int:
        """Let others go on with the jobs at once; how many were still held."""
        released = 0
        with said(self._engine.url), self._engine.begin() as connection:
            for lease in leases:
                freed = sa.update(jobs).where(_holds(lease)).values(state="queued", **FREE)
                released += connection.execute(freed).rowcount
        return released

    def reclaim(self, has_died: Callable[[str], bool]) -> int:
        """Queue again what is leased to the dead or whose lease ran out; how many those were."""
        with said(self._engine.url):
            with self._reader.connect() as connection:
                running = sa.select(
                    jobs.c.serial,
                    jobs.c.owner,
                    jobs.c.attempt,
                    (jobs.c.until < now(self._engine)).label("late"),
                ).where(jobs.c.state == "running")
                dead = [
                    row for row in connection.execute(running) if row.late or has_died(row.owner)
                ]
            if not dead:
                return 0
            reclaimed = 0
            with self._engine.begin() as connection:
                for row in dead:
                    lost = (
                        (jobs.c.serial == row.serial)
                        & _held(row.owner)
                        & (jobs.c.attempt == row.attempt)
                    )
                    # Between looking and now the owner may have renewed what was late.
                    if not has_died(row.owner):
                        lost &= jobs.c.until < now(self._engine)
                    deadly = lost & (jobs.c.deaths + 1 >= MOST_DEATHS)
                    error = _DIED % MOST_DEATHS
                    end(connection, deadly, "failed", error=error)
                    queued = sa.update(jobs).where(lost)
                    reclaimed += connection.execute(
                        queued.values(state="queued", deaths=jobs.c.deaths + 1, **FREE)
                    ).rowcount
        return reclaimed

    def prune(self, seconds: float) -> int:
        """Drop the jobs that ended more than ``seconds`` ago; how many those were."""
        with said(self._engine.url), self._engine.begin() as connection:
            old = jobs.c.finished < now(self._engine) - seconds
            return connection.execute(sa.delete(jobs).where(old)).rowcount


def _held(owner: str) -> sa.ColumnElement[bool]:
    return (jobs.c.state == "running") & (jobs.c.owner == owner)


def _holds(lease: Lease) -> sa.ColumnElement[bool]:
    return (jobs.c.serial == lease.serial) & _held(lease.owner) & (jobs.c.attempt == lease.attempt)
