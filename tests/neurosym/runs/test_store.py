"""Results by content key: kept, reused only under what they allow, and never without bound."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from neurosym.runs.database import open_database
from neurosym.runs.store import Store
from neurosym.runs.tables import results

KEY = "a" * 64


def _put(store: Store, body: bytes, budget: float | None, key: str = KEY) -> None:
    store.put(key, body, kind="verify", budget=budget)


def test_what_was_put_is_got_again(store: Store) -> None:
    body = '{"verdict": "proved", "text": "∀x ¬P(x) \\u0000"}'.encode() + b"\x00\xff"
    assert store.get(KEY, 1.0) is None
    _put(store, body, None)
    assert store.get(KEY, 1.0) == body
    assert store.get("b" * 64, 1.0) is None


def test_it_is_there_after_a_restart(url: str) -> None:
    store = Store.open(url)
    _put(store, b"{}", None)
    store.close()
    store = Store.open(url)
    assert store.get(KEY, 1.0) == b"{}"
    store.close()


def test_a_conclusive_result_serves_any_budget(store: Store) -> None:
    _put(store, b"1", None)
    assert store.get(KEY, 0.001) == b"1"
    assert store.get(KEY, 1e9) == b"1"
    assert store.get(KEY, float("inf")) == b"1"


def test_unknown_serves_no_greater_budget(store: Store) -> None:
    _put(store, b"unknown", 10.0)
    assert store.get(KEY, 10.0) == b"unknown"
    assert store.get(KEY, 9.0) == b"unknown"
    assert store.get(KEY, 10.001) is None
    assert store.get(KEY, float("nan")) is None


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        (10.0, 20.0, b"second"),
        (20.0, 10.0, b"first"),
        (10.0, 10.0, b"second"),
        (10.0, None, b"second"),
        (None, 1e9, b"first"),
        (None, None, b"second"),
    ],
)
def test_only_what_serves_more_replaces(
    store: Store, first: float | None, second: float | None, kept: bytes
) -> None:
    _put(store, b"first", first)
    _put(store, b"second", second)
    assert store.get(KEY, 1.0) == kept
    assert store.count() == (1, len(kept))


def test_the_oldest_rows_are_dropped(url: str) -> None:
    store = Store.open(url, rows=100)
    for i in range(400):
        _put(store, b"x", None, f"{i:064}")
    rows, _ = store.count()
    assert 90 <= rows <= 110
    assert store.get(f"{0:064}", 1.0) is None
    assert store.get(f"{399:064}", 1.0) == b"x"
    store.close()


def test_the_bytes_are_bounded(url: str) -> None:
    store = Store.open(url, megabytes=1)
    for i in range(60):
        _put(store, bytes(50_000), None, f"{i:064}")
    _, size = store.count()
    assert 900_000 <= size <= 1_100_000
    assert store.get(f"{59:064}", 1.0) == bytes(50_000)
    _put(store, bytes(2 << 20), None, "b" * 64)
    assert store.get("b" * 64, 1.0) is None, "more than all that may be kept"
    store.close()


def test_a_bound_that_was_lowered_holds(url: str) -> None:
    store = Store.open(url)
    rows = [
        {"key": f"{i:064}", "kind": "v", "body": b"x", "size": 1, "budget": None, "created": i}
        for i in range(3000)
    ]
    with store.engine.begin() as connection:
        connection.execute(sa.insert(results), rows)
    store.close()
    store = Store.open(url, rows=50)
    _put(store, b"new", None)
    assert store.count()[0] == 50
    assert store.get(KEY, 1.0) == b"new"
    store.close()


def test_threads_share_a_store(store: Store) -> None:
    wrong: list[str] = []

    def work(number: int) -> None:
        for i in range(40):
            key, body = f"{number:032}{i:032}", f"{number}-{i}".encode()
            _put(store, body, None, key)
            if store.get(key, 1.0) != body:
                wrong.append(key)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert store.count()[0] == 320


def test_a_reader_waits_for_no_writer(sqlite_url: str) -> None:
    store, other = Store.open(sqlite_url), open_database(sqlite_url)
    _put(store, b"{}", None)
    with other.begin() as connection:
        connection.execute(sa.delete(results))
        start = time.monotonic()
        assert store.get(KEY, 1.0) == b"{}"
        assert time.monotonic() - start < 5
    assert store.get(KEY, 1.0) is None
    other.dispose()
    store.close()


def test_get_is_quick(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    for i in range(500):
        _put(store, b"{}" * 1000, None, f"{i:064}")
    spent = []
    for i in range(500):
        start = time.perf_counter()
        store.get(f"{i:064}", 1.0)
        spent.append(time.perf_counter() - start)
    # The quickest quarter: what the code costs, and not what else the machine does.
    assert sorted(spent)[len(spent) // 4] < 300e-6
    store.close()


def test_others_cannot_read_the_file(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    _put(store, b"{}", None)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {f.name for f in path.parent.iterdir()} >= {"neurosym.db", "neurosym.db-wal"}
    assert {f.stat().st_mode & 0o777 for f in path.parent.iterdir()} == {0o600}
    store.close()
