"""Databases: opened by many at once, brought up to date, and refused in one sentence."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from neurosym.runs import migrations
from neurosym.runs.database import open_database
from neurosym.runs.store import Store
from neurosym.runs.tables import metadata, results
from provers.errors import BrokenToolError, InputError

KEY = "a" * 64
ROOT = Path(__file__).parents[3]


def test_the_migrations_lead_to_the_tables(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        options = {"version_table": migrations.VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert context.get_current_revision() == migrations.HEAD
        assert compare_metadata(context, metadata) == []
        found = sa.inspect(connection)
        for table in metadata.sorted_tables:
            indexes = {i["name"] for i in found.get_indexes(table.name)}
            assert {i.name for i in table.indexes} <= indexes
    engine.dispose()


def test_the_head_is_the_newest_migration() -> None:
    script = ScriptDirectory.from_config(migrations.configuration())
    assert script.get_current_head() == migrations.HEAD


def test_processes_may_open_a_new_database_at_once(url: str) -> None:
    code = (
        "import sys\n"
        "from neurosym.runs.store import Store\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "store = Store.open(sys.argv[1])\n"
        "store.put(sys.argv[2] * 64, b'{}', kind='verify', budget=None)\n"
        "print(store.get(sys.argv[2] * 64, 1.0).decode())"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, url, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in "abcdef"
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=120) for process in started]
    assert [out for out, _ in answers] == ["{}\n"] * 6, [err for _, err in answers]
    store = Store.open(url)
    assert store.count()[0] == 6
    store.close()


def test_what_was_written_by_a_newer_version_is_left_alone(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(InputError, match="newer neurosym"):
        open_database(url)


def test_migrations_are_found_in_any_folder(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "100%(here)s – new"
    for package in ("neurosym", "provers"):
        shutil.copytree(ROOT / package, folder / package)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import neurosym.runs.store as store\n"
        "store.Store.open(sys.argv[2]).close(); print(store.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folder, url], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(folder))
    Store.open(url).close()


def test_connections_that_broke_are_replaced(postgresql_url: str) -> None:
    store = Store.open(postgresql_url)
    store.put(KEY, b"{}", kind="verify", budget=None)
    place = sa.make_url(postgresql_url)
    with psycopg.connect(f"host={place.query['host']} user=neurosym dbname=postgres") as other:
        ended = other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [place.database],
        )
        assert ended.rowcount > 0
    assert store.get(KEY, 1.0) == b"{}"
    store.put(KEY, b"[]", kind="verify", budget=None)
    assert store.get(KEY, 1.0) == b"[]"
    store.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "cannot be read"),
        ("neurosym.db", "cannot be read"),
        ("secret password without a scheme", "cannot be read"),
        ("mysql://a:secret@b/c", "no support for 'mysql'"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite:////proc/nowhere/a.db", "cannot be opened"),
        ("sqlite:////dev/null/a.db", "cannot be opened"),
        ("sqlite:////", "cannot be opened"),
        ("sqlite:///a\0b", "cannot be opened"),
    ],
)
def test_urls_that_name_no_database(url: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        open_database(url)
    assert "secret" not in str(caught.value)


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("These are notes.\n" * 100)
    with pytest.raises(InputError, match="is not a database"):
        open_database(f"sqlite:///{text}")
    assert text.read_text() == "These are notes.\n" * 100


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE albums (name TEXT)")
    connection.close()
    with pytest.raises(InputError, match="tables of something else \\(albums\\)"):
        open_database(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("albums",)]
    connection.close()


def test_tables_of_something_else_are_left_alone(postgresql_url: str) -> None:
    place = sa.make_url(postgresql_url)
    with psycopg.connect(
        f"host={place.query['host']} user=neurosym dbname={place.database}"
    ) as connection:
        connection.execute("CREATE TABLE jobs (name TEXT)")
    with pytest.raises(InputError, match="tables of something else \\(jobs\\)"):
        open_database(postgresql_url)


def test_a_damaged_database_is_one_sentence(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    for i in range(200):
        store.put(f"{i:064}", bytes(1000), kind="verify", budget=None)
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))
    with pytest.raises(BrokenToolError, match=r"neurosym.db is damaged .*move it away") as caught:
        Store.open(sqlite_url).get(KEY, 1.0)
    assert "\n" not in str(caught.value)


def test_a_database_that_is_cut_short_is_one_sentence(sqlite_url: str) -> None:
    Store.open(sqlite_url).close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(BrokenToolError, match="damaged") as caught:
        Store.open(sqlite_url).get(KEY, 1.0)
    assert "\n" not in str(caught.value)


def test_a_table_that_is_gone_is_one_sentence(store: Store) -> None:
    with store.engine.begin() as connection:
        results.drop(connection)
    with pytest.raises(BrokenToolError, match=r"cannot be used: .*results") as caught:
        store.get(KEY, 1.0)
    assert "\n" not in str(caught.value)
    with pytest.raises(BrokenToolError, match="cannot be used"):
        store.put(KEY, b"{}", kind="verify", budget=None)


def test_a_server_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    url = f"postgresql://ann:secret@/neurosym?host={tmp_path}"
    with pytest.raises(BrokenToolError, match="cannot be used") as caught:
        open_database(url)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_driver_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from provers.errors import MissingToolError

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingToolError, match=r"pip install 'neurosym\[postgresql\]'"):
        open_database("postgresql://ann@/neurosym")
