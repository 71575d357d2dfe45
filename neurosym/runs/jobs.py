"""Jobs: long work that outlives the process which took it on.

A job waits (``queued``), is worked on under a lease (``running``, see ``leases``), and ends once:
``done``, ``failed`` or ``cancelled``. It has one or more inputs; the output of each is kept as soon
as it is there, and the last one ends the job.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import sqlalchemy as sa

from neurosym.runs.database import lock, now, reader, said
from neurosym.runs.tables import jobs, outputs

State: TypeAlias = Literal["queued", "running", "done", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")
_SUBMITTING = 1


@dataclass(frozen=True, slots=True)
class Job:
    """What is known of a job; times are seconds since 1970, ``error`` is JSON.

    ``many``: it was given a list of inputs, if only of one.
    """

    serial: int
    id: str
    kind: str
    state: State
    many: bool
    total: int
    completed: int
    error: bytes | None
    created: float
    started: float | None
    finished: float | None


@dataclass(frozen=True, slots=True)
class Submission:
    """What came of submitting a job.

    ``known``: the same was submitted before under the same idempotency key, and here it is.
    ``mismatch``: something else was. ``full``: as many jobs wait as may.
    """

    status: Literal["accepted", "known", "mismatch", "full"]
    job: Job | None = None


_COLUMNS = (
    jobs.c.serial,
    jobs.c.id,
    jobs.c.kind,
    jobs.c.state,
    jobs.c.many,
    jobs.c.total,
    jobs.c.completed,
    jobs.c.error,
    jobs.c.created,
    jobs.c.started,
    jobs.c.finished,
)
# What a job has that nobody works on.
FREE = {"owner": None, "until": None}


class Jobs:
    """The jobs of a database; thread-safe, and safe for many processes at once.

    ``subject`` is whose job it is: where one is given, the jobs of others are not there. Every
    method raises BrokenToolError where the database does not answer or is damaged.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._reader = reader(engine)

    def submit(
        self,
        kind: str,
        body: bytes,
        *,
        total: int,
        many: bool,
        queue: int,
        subject: str | None = None,
        idempotency: str | None = None,
    ) -> Submission:
        """Add a job, unless it is known or ``queue`` jobs wait already.

        ``body`` is a JSON array of its ``total`` inputs.
        """
        digest = hashlib.sha256(f"{kind}\0{many}\0".encode() + body).hexdigest()
        key = None
        if idempotency is not None:
            key = hashlib.sha256(f"{subject or ''}\0{idempotency}".encode()).hexdigest()
        with said(self._engine.url), self._engine.begin() as connection:
            # One at a time, so that the bound and the key hold, and serials appear in order.
            lock(connection, _SUBMITTING)
            if key is not None:
                known = connection.execute(
                    sa.select(*_COLUMNS, jobs.c.digest).where(jobs.c.idempotency == key)
                ).first()
                if known is not None:
                    if known.digest != digest:
                        return Submission("mismatch")
                    return Submission("known", _job_of(known._mapping))
            waiting = sa.select(jobs.c.serial).where(jobs.c.state == "queued")
            if connection.execute(waiting.offset(queue - 1).limit(1)).first() is not None:
                return Submission("full")
            id = uuid.uuid4().hex
            connection.execute(
                sa.insert(jobs).values(
                    id=id,
                    kind=kind,
                    state="queued",
                    body=body,
                    digest=digest,
                    many=many,
                    total=total,
                    completed=0,
                    subject=subject,
                    idempotency=key,
                    attempt=0,
                    deaths=0,
                    created=now(self._engine),
                )
            )
            return Submission("accepted", _job(connection, id, subject))

    def get(self, id: str, *, subject: str | None = None) -> Job | None:
        """The job of that id, if there is one."""
        with said(self._engine.url), self._reader.connect() as connection:
            return _job(connection, id, subject)

    def outputs(self, job: Job) -> dict[int, bytes]:
        """The JSON of the outputs that are there, by the number of the input."""
        found = (
            sa.select(outputs.c.position, outputs.c.body)
            .where(outputs.c.job == job.serial)
            .order_by(outputs.c.position)
        )
        with said(self._engine.url), self._reader.connect() as connection:
            return {row.position: bytes(row.body) for row in connection.execute(found)}

    def page(
        self,
        size: int,
        *,
        before: int | None = None,
        state: State | None = None,
        subject: str | None = None,
    ) -> list[Job]:
        """The newest ``size`` jobs, of those with a serial less than ``before``."""
        chosen = sa.select(*_COLUMNS).order_by(jobs.c.serial.desc()).limit(size)
        if before is not None:
            chosen = chosen.where(jobs.c.serial < before)
        if state is not None:
            chosen = chosen.where(jobs.c.state == state)
        if subject is not None:
            chosen = chosen.where(jobs.c.subject == subject)
        with said(self._engine.url), self._reader.connect() as connection:
            return [_job_of(row._mapping) for row in connection.execute(chosen)]

    def cancel(self, id: str, *, subject: str | None = None) -> Job | None:
        """End the job, if it has not ended; who works on it loses its lease. The job after it."""
        with said(self._engine.url), self._engine.begin() as connection:
            chosen = (jobs.c.id == id) & jobs.c.state.not_in(ENDED)
            if subject is not None:
                chosen &= jobs.c.subject == subject
            end(connection, chosen, "cancelled")
            return _job(connection, id, subject)

    def count(self) -> dict[str, int]:
        """How many jobs there are in each state."""
        counted = sa.select(jobs.c.state, sa.func.count()).group_by(jobs.c.state)
        with said(self._engine.url), self._reader.connect() as connection:
            return {row.state: int(row[1]) for row in connection.execute(counted)}


def _job(connection: sa.Connection, id: str, subject: str | None) -> Job | None:
    chosen = sa.select(*_COLUMNS).where(jobs.c.id == id)
    if subject is not None:
        chosen = chosen.where(jobs.c.subject == subject)
    row = connection.execute(chosen).first()
    return None if row is None else _job_of(row._mapping)


def _job_of(row: sa.RowMapping) -> Job:
    return Job(**{column.name: row[column] for column in _COLUMNS})


def end(
    connection: sa.Connection, chosen: sa.ColumnElement[bool], state: State, **values: Any
) -> int:
    """End the chosen jobs in ``state``; how many those were."""
    ended = sa.update(jobs).where(chosen)
    time = now(connection.engine)
    return connection.execute(ended.values(state=state, finished=time, **FREE, **values)).rowcount
