"""Ledgers as they are at one moment, only read: what reports, comparisons and exports stand on."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from neurosym.runs import migrations
from neurosym.runs.database import said
from neurosym.runs.tables import problems
from provers.errors import BrokenToolError, InputError

_AT_ONCE: Final = 500
_START: Final = b"SQLite format 3\0"


class Snapshot:
    """Ledgers that are read in one transaction, so that all figures are of the same moment.

    Nothing is ever written to them. Memory does not grow with them: rows come a few at a time,
    and what SQLite has to sort lies in files.
    """

    def __init__(self, connection: sa.Connection, place: sa.URL) -> None:
        self._connection = connection
        self._place = place
        self._open: list[sa.CursorResult[Any]] = []

    def rows(self, statement: sa.Executable) -> Iterator[sa.Row[Any]]:
        """The rows of a statement, as they come. Raises BrokenToolError for a damaged ledger."""
        with said(self._place):
            found = self._connection.execute(statement, execution_options={"yield_per": _AT_ONCE})
            self._open.append(found)
            try:
                yield from found
            finally:
                self._open.remove(found)
                found.close()

    def run(self, statement: sa.Executable) -> None:
        """Carry out a statement on tables of the snapshot's own. Raises BrokenToolError."""
        with said(self._place):
            self._connection.execute(statement)

    def close(self) -> None:
        """Let go of rows that were not read to their end, while there is a connection."""
        for found in self._open:
            found.close()


@contextlib.contextmanager
def open_snapshot(file: Path) -> Iterator[Snapshot]:
    """The ledger in a SQLite file. Raises as ``open_snapshots``."""
    with open_snapshots([file], ["main"]) as snapshot:
        yield snapshot


@contextlib.contextmanager
def open_snapshots(files: Sequence[Path], schemas: Sequence[str]) -> Iterator[Snapshot]:
    """The ledgers in SQLite files side by side, each under the name of its schema.

    Raises InputError for a file that is not there or is no ledger of ours, or one of a newer
    neurosym, and BrokenToolError for one that is damaged or cannot be read.
    """
    names = dict(zip(schemas, map(_address, files), strict=True))
    place = sa.URL.create("sqlite", database=" and ".join(map(str, files)))

    def connect() -> sqlite3.Connection:
        # An empty name is a database of its own, in a file that is gone when it is closed.
        connection = sqlite3.connect(names.get("main", ""), uri=True, timeout=30)
        connection.isolation_level = None
        for schema, address in names.items():
            if schema != "main":
                connection.execute(f'ATTACH ? AS "{schema}"', (address,))
        return connection

    engine = sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
    try:
        with said(place), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            for file, schema in zip(files, schemas, strict=True):
                _check(connection, schema, file)
            snapshot = Snapshot(connection, place)
            try:
                yield snapshot
            finally:
                snapshot.close()
    finally:
        engine.dispose()


def read_output(body: bytes, position: int, sample: int) -> dict[str, Any]:
    """An attempt's output. Raises BrokenToolError where it is damaged."""
    return parse_output(inflate(body, position, sample), position, sample)


def inflate(body: bytes, position: int, sample: int) -> bytes:
    """An attempt's output as the bytes of its JSON. Raises BrokenToolError."""
    try:
        return zlib.decompress(body)
    except zlib.error as error:
        raise _damaged(position, sample, error) from error


def parse_output(text: bytes, position: int, sample: int) -> dict[str, Any]:
    """The output whose JSON this is; what is no number of JSON is None. Raises BrokenToolError."""
    try:
        found = json.loads(text, parse_constant=lambda name: None)
    except (ValueError, RecursionError) as error:
        raise _damaged(position, sample, error) from error
    if not isinstance(found, dict):
        raise _damaged(position, sample, TypeError("it is no object"))
    return found


def _damaged(position: int, sample: int, error: Exception) -> BrokenToolError:
    return BrokenToolError(
        f"The run's results are damaged: the output of problem {position + 1}, sample "
        f"{sample + 1}, cannot be read ({error}); move run.db away and run it again."
    )


def _address(file: Path) -> str:
    """The URI by which SQLite opens a ledger for reading. Raises InputError."""
    try:
        with file.open("rb") as stream:
            start = stream.read(len(_START))
    except FileNotFoundError as error:
        raise InputError(
            f"there is no '{file}': a run has its results there once it has begun."
        ) from error
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    if start != _START:
        raise InputError(f"'{file}' is not a database: it holds no results of a run.")
    address = f"{file.absolute().as_uri()}?mode=ro"
    log = file.with_name(f"{file.name}-wal")
    # Where no file can be made beside it, SQLite reads it only when told that nobody writes.
    if not os.access(file.parent, os.W_OK) and not log.exists():
        address += "&immutable=1"
    return address


def _check(connection: sa.Connection, schema: str, file: Path) -> None:
    """Raises InputError for a database that holds no batch, or one of a newer neurosym."""
    there = sa.inspect(connection)
    if not there.has_table(migrations.VERSION_TABLE, schema=schema):
        raise InputError(f"'{file}' holds no results of a run.")
    table = sa.table(migrations.VERSION_TABLE, sa.column("version_num", sa.String), schema=schema)
    version = connection.execute(sa.select(table.c.version_num)).scalar()
    if version is not None and version > migrations.HEAD:
        raise InputError(f"'{file}' was written by a newer neurosym: update neurosym.")
    if not there.has_table(problems.name, schema=schema):
        raise BrokenToolError(f"'{file}' has lost its table {problems.name}.")
