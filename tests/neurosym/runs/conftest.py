"""Stores in both kinds of database, each new for its test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from neurosym.runs.store import Store
from tests.neurosym.runs import postgresql

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server: its URL with a place for a database's name."""
    programs = postgresql.find()
    if programs is None:
        pytest.skip(postgresql.MISSING)
    with postgresql.server(programs) as url:
        yield url


@pytest.fixture
def postgresql_url(server: str) -> str:
    """The URL of a new PostgreSQL database."""
    name = f"test{next(_numbers)}"
    place = sa.make_url(server.format("postgres")).query["host"]
    with psycopg.connect(
        f"host={place} user=neurosym dbname=postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return server.format(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of an SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'new' / 'neurosym.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of a new database, of each kind in turn."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A new store in a database of each kind in turn."""
    store = Store.open(url)
    yield store
    store.close()
