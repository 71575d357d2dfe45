"""A PostgreSQL server for the tests that need one, started when the first does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from tests.neurosym.runs import postgresql

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server: its URL with a place for a database's name."""
    programs = postgresql.find()
    if programs is None:
        pytest.skip(postgresql.MISSING)
    with postgresql.server(programs) as url:
        yield url


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The URL of a new PostgreSQL database."""
    name = f"test{next(_numbers)}"
    place = sa.make_url(postgresql_server.format("postgres")).query["host"]
    with psycopg.connect(
        f"host={place} user=neurosym dbname=postgres", autocommit=True
    ) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return postgresql_server.format(name)
