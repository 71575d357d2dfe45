"""The store: results by content key, and jobs, in SQLite or PostgreSQL."""

from __future__ import annotations

import threading
import time
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from neurosym.runs.database import durably, lock, open_database, reader, said
from neurosym.runs.jobs import Jobs
from neurosym.runs.leases import Leases
from neurosym.runs.tables import results

ROWS = 1_000_000
MEGABYTES = 2_048
_TRIMMING = 2

_GET = sa.select(results.c.body, results.c.budget).where(results.c.key == sa.bindparam("key"))
_OLDEST = sa.select(results.c.key, results.c.size).order_by(results.c.created).limit(1_000)
_DROP = sa.delete(results).where(results.c.key == sa.bindparam("doomed"))


class Store:
    """Results and jobs in one database; thread-safe.

    Every method raises BrokenToolError where the database does not answer or is damaged.
    """

    def __init__(self, engine: sa.Engine, *, rows: int = ROWS, megabytes: int = MEGABYTES) -> None:
        """The engine, from ``open_database``, is the store's from now on."""
        self.engine = engine
        self.jobs = Jobs(durably(engine))
        self.leases = Leases(engine)
        self._reader = reader(engine)
        self._rows = rows
        self._bytes = megabytes << 20
        self._counting = threading.Lock()
        self._added_rows = 0
        self._added_bytes = 0

    @classmethod
    def open(cls, url: str, *, rows: int = ROWS, megabytes: int = MEGABYTES) -> Store:
        """The store at ``sqlite:///FILE`` or ``postgresql://…``, made where there is none.

        At most about ``rows`` results of ``megabytes`` in all are kept, the newest. Raises
        InputError, MissingToolError and BrokenToolError as ``open_database`` does.
        """
        return cls(open_database(url), rows=rows, megabytes=megabytes)

    def get(self, key: str, budget: float) -> bytes | None:
        """The JSON of the output stored under ``key``, if it may be used under ``budget`` seconds.

        One that was not conclusive may be, if it was given as many seconds or more.
        """
        with said(self.engine.url), self._reader.connect() as connection:
            row = connection.execute(_GET, {"key": key}).first()
        if row is None or (row.budget is not None and not budget <= row.budget):
            return None
        return bytes(row.body)

    def put(self, key: str, body: bytes, *, kind: str, budget: float | None) -> None:
        """Store an output's JSON; ``budget``: the seconds it was given, None if conclusive.

        What is stored under the key is replaced only by what can be used more often.
        """
        if len(body) > self._bytes:
            return
        row = {
            "key": key,
            "kind": kind,
            "body": body,
            "size": len(body),
            "budget": budget,
            "created": time.time(),
        }
        with said(self.engine.url), self.engine.begin() as connection:
            connection.execute(_PUT[self.engine.dialect.name], row)
        if self._is_time_to_trim(len(body)):
            self._trim()

    def count(self) -> tuple[int, int]:
        """How many results are stored, and how many bytes they have together."""
        with said(self.engine.url), self._reader.connect() as connection:
            return _count(connection)

    def close(self) -> None:
        """Close all connections; the store must not be used again."""
        self.engine.dispose()

    def _is_time_to_trim(self, size: int) -> bool:
        """After every hundredth of what may be kept, so that counting costs next to nothing."""
        with self._counting:
            self._added_rows += 1
            self._added_bytes += size
            due = self._added_rows * 100 > self._rows or self._added_bytes * 100 > self._bytes
            if due:
                self._added_rows = self._added_bytes = 0
            return due

    def _trim(self) -> None:
        with said(self.engine.url), self.engine.begin() as connection:
            # One at a time: two that drop the same rows could wait for each other.
            lock(connection, _TRIMMING)
            rows, size = _count(connection)
            while rows > self._rows or size > self._bytes:
                doomed = []
                for key, bytes_ in connection.execute(_OLDEST).all():
                    if rows <= self._rows and size <= self._bytes:
                        break
                    doomed.append({"doomed": key})
                    rows -= 1
                    size -= bytes_
                if not doomed:  # what was counted is gone
                    return
                connection.execute(_DROP, doomed)


def _count(connection: sa.Connection) -> tuple[int, int]:
    row = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(results.c.size), 0)).select_from(
            results
        )
    ).one()
    return int(row[0]), int(row[1])


_Insert = TypeVar("_Insert", sqlite.Insert, postgresql.Insert)


def _upsert(insert: _Insert) -> _Insert:
    new, old = insert.excluded, results.c
    return insert.on_conflict_do_update(
        index_elements=[results.c.key],
        set_={name: new[name] for name in ("kind", "body", "size", "budget", "created")},
        where=new.budget.is_(None) | (new.budget >= old.budget),
    )


_PUT: dict[str, sa.Executable] = {
    "sqlite": _upsert(sqlite.insert(results)),
    "postgresql": _upsert(postgresql.insert(results)),
}
