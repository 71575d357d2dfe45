"""Databases: opened by URL, brought to the newest tables, with errors in one sentence."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from neurosym.runs import migrations
from provers.errors import BrokenToolError, InputError, MissingToolError

BUSY_SECONDS = 30.0
_CONNECTIONS = 128  # more than there are threads that could want one
_CONNECT_SECONDS = 10
_LOCK = 0x6E6575726F73  # "neuros": PostgreSQL's advisory locks are numbers
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_migrating = threading.Lock()


def open_database(url: str) -> sa.Engine:
    """The engine of the database at ``url``, with the newest tables in it.

    Several processes may open a new database at once. Raises InputError for a URL or file that
    is none of ours, MissingToolError without the driver, BrokenToolError for a database that does
    not answer or is damaged.
    """
    place = _parsed(url)
    with said(place):
        engine = _sqlite(place) if place.get_backend_name() == "sqlite" else _postgresql(place)
        try:
            if engine.dialect.name == "sqlite":
                _use_wal(engine)
            _upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
    return engine


@contextlib.contextmanager
def said(place: URL) -> Iterator[None]:
    """Turn the database's exceptions into one sentence that names the database.

    Raises BrokenToolError for what SQLAlchemy raises. The URL's password is never shown.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise BrokenToolError(_sentence(place, error)) from error


def _sentence(place: URL, error: SQLAlchemyError) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    why = " ".join(str(cause).split())[:300].rstrip(".")
    if place.get_backend_name() == "sqlite":
        if isinstance(cause, sqlite3.DatabaseError) and "malformed" in why:
            return f"The database {place.database} is damaged ({why}): move it away to start anew."
        return f"The database {place.database} cannot be used: {why}."
    shown = place.render_as_string(hide_password=True)
    return f"The database {shown} cannot be used: {why}."


def _parsed(url: str) -> URL:
    try:
        place = sa.make_url(url)
    except ArgumentError as error:
        # The URL is not repeated: it may hold a password.
        raise InputError(
            "the database's URL cannot be read: give sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/NAME."
        ) from error
    driver = _DRIVERS.get(place.drivername)
    if driver is None:
        raise InputError(
            f"there is no support for {place.drivername!r} databases: give sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST/NAME."
        )
    if driver == "sqlite" and (not place.database or place.database.startswith(":")):
        raise InputError("the database's URL names no file: give sqlite:///FILE.")
    return place.set(drivername=driver)


# --- SQLite --------------------------------------------------------------------------------


def _sqlite(place: URL) -> sa.Engine:
    path = Path(place.database or "")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Hashes of tokens and users' texts lie in it; SQLite's other files take on its mode.
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with path.open("rb") as file:
            start = file.read(16)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the database {str(path)!r} cannot be opened: {why}.") from error
    if start and start != b"SQLite format 3\0":
        raise InputError(f"the file {str(path)!r} is not a database: give another file.")
    engine = sa.create_engine(
        place,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        pool_size=_CONNECTIONS,
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    # The driver would begin transactions by its own rules; ``_begin`` does it instead.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    """Take the lock for writing at once: a transaction that takes it later cannot wait for it."""
    options = connection.get_execution_options()
    if options.get("reading"):
        return
    level = "FULL" if options.get("durable") else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous={level}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _use_wal(engine: sa.Engine) -> None:
    # SQLite does not always wait by itself when another process changes the mode at this moment.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with reader(engine).connect() as connection:
                mode = connection.exec_driver_sql("PRAGMA journal_mode=WAL").scalar_one()
        except sa.exc.OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
            continue
        if mode != "wal":
            raise BrokenToolError(
                f"The database {engine.url.database} cannot have a write-ahead log: put it in a "
                "folder on a local disk."
            )
        return


# --- PostgreSQL ----------------------------------------------------------------------------


def _postgresql(place: URL) -> sa.Engine:
    patience = {} if "connect_timeout" in place.query else {"connect_timeout": _CONNECT_SECONDS}
    try:
        return sa.create_engine(
            place,
            connect_args=patience,
            pool_size=8,
            max_overflow=_CONNECTIONS - 8,
            pool_pre_ping=True,  # the server may have been started again
        )
    except ModuleNotFoundError as error:
        raise MissingToolError(
            "PostgreSQL's driver is not installed: pip install 'neurosym[postgresql]'."
        ) from error


# --- transactions --------------------------------------------------------------------------


def reader(engine: sa.Engine) -> sa.Engine:
    """The same connections, for single reads, which wait for no writer."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(reading=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def durably(engine: sa.Engine) -> sa.Engine:
    """The same connections, for what must be there after the power fails, too.

    PostgreSQL never forgets what it confirmed. SQLite is told to wait for the disk only for what
    nobody could compute again.
    """
    return engine.execution_options(durable=True)


def now(engine: sa.Engine) -> sa.ColumnElement[float]:
    """Seconds since 1970 by the one clock that all who use the database share."""
    if engine.dialect.name == "sqlite":
        return sa.literal(time.time(), sa.Double)
    return sa.cast(sa.func.extract("epoch", sa.func.clock_timestamp()), sa.Double)


def lock(connection: sa.Connection, which: int) -> None:
    """Let nobody else hold lock ``which`` until the transaction ends."""
    # SQLite has one writer at a time anyway.
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK + which)))


# --- tables --------------------------------------------------------------------------------


def _upgrade(engine: sa.Engine) -> None:
    with reader(engine).connect() as connection:
        if _version(connection) == migrations.HEAD:
            return
    with _migrating, engine.begin() as connection:
        lock(connection, 0)
        version = _version(connection)
        if version is None:
            _refuse_foreign(connection)
        elif version > migrations.HEAD:
            raise InputError(
                f"the database {_name(engine)} was written by a newer neurosym: update neurosym "
                "or give another database."
            )
        migrations.upgrade(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(migrations.VERSION_TABLE):
        return None
    table = sa.table(migrations.VERSION_TABLE, sa.column("version_num", sa.String))
    found: str | None = connection.execute(sa.select(table.c.version_num)).scalar()
    return found


def _refuse_foreign(connection: sa.Connection) -> None:
    from neurosym.runs.tables import metadata

    found = set(sa.inspect(connection).get_table_names())
    if connection.dialect.name == "postgresql":
        found &= set(metadata.tables)
    if found:
        raise InputError(
            f"the database {_name(connection.engine)} holds tables of something else "
            f"({sorted(found)[0][:40]}): give an empty database."
        )


def _name(engine: sa.Engine) -> str:
    if engine.dialect.name == "sqlite":
        return str(engine.url.database)
    return engine.url.render_as_string(hide_password=True)
