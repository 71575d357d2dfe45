"""The pool: whose turn it is, and what a stopped request costs. The child fakes Lean here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from provers.base import Limits
from provers.lean import pool as module
from provers.lean.base import Reply
from provers.lean.pool import Pool, default_workers
from provers.lean.toolchain import Toolchain
from tests.provers.lean.test_server import FAKE

INIT = ("Init",)
TOOLCHAIN = Toolchain("native", "4.0.0", Path("/nowhere"), Path("/nowhere/lean"))


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    monkeypatch.setattr(module, "server_command", lambda toolchain, **limits: FAKE)
    pool = Pool(TOOLCHAIN, workers=2)
    yield pool
    pool.close()


def ask(pool: Pool, code: str, seconds: float = 20.0, header: tuple[str, ...] = INIT) -> Reply:
    return pool.ask(header, {"op": "check", "code": code}, Limits(seconds, 200))


def test_one_server_serves_one_request_after_another(pool: Pool) -> None:
    for i in range(5):
        reply = ask(pool, str(i))
        assert reply.body is not None and reply.body["echo"] == str(i)
    (server,) = pool.status()
    assert (server["served"], server["restarts"]) == (5, 0)
    assert pool.version().version == "4.0.0"


def test_a_stopped_request_costs_its_own_server_only(pool: Pool) -> None:
    assert ask(pool, "x").body is not None
    assert ask(pool, "crash").stopped == "crash"
    assert ask(pool, "hang", 0.2).stopped == "timeout"
    assert ask(pool, "x").body is not None
    assert [s["restarts"] for s in pool.status()] == [2]


def test_a_bad_header_costs_no_server(pool: Pool) -> None:
    assert ask(pool, "x", header=("Init", "Nope")).stopped == "header"
    assert ask(pool, "x").body is not None
    assert [s["restarts"] for s in pool.status()] == [0]


def test_another_header_is_imported_by_a_server_that_runs(pool: Pool) -> None:
    ask(pool, "x")
    ask(pool, "x", header=("Init", "Std"))
    (server,) = pool.status()
    assert server["headers"] == ["Init", "Init Std"]


def test_nothing_in_flight_is_lost_when_others_fail(pool: Pool) -> None:
    codes = ["a", "crash", "b", "stack", "c", "hang", "d", "memory", "e", "f"] * 2
    replies: dict[int, Reply] = {}

    def one(i: int) -> None:
        replies[i] = ask(pool, codes[i], 1.0)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(len(codes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stops = {"crash": "crash", "stack": "stack", "hang": "timeout", "memory": "memory"}
    for i, code in enumerate(codes):
        assert replies[i].stopped == stops.get(code, "")
        assert code in stops or replies[i].body["echo"] == code


def test_a_server_that_served_its_share_is_replaced(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REUSE_LIMIT", 3)
    for _ in range(7):
        assert ask(pool, "x").body is not None
    assert [s["restarts"] for s in pool.status()] == [2]


def test_a_server_in_which_a_program_ran_answers_nothing_more(pool: Pool) -> None:
    assert ask(pool, "program").body is not None
    assert [s["restarts"] for s in pool.status()] == [1]
    assert ask(pool, "x").body is not None
    assert [s["restarts"] for s in pool.status()] == [1]


def test_warming_starts_a_server_without_waiting_for_it(pool: Pool) -> None:
    pool.warm()
    assert len(pool.status()) == 1
    pool.warm()
    assert len(pool.status()) == 1
    assert ask(pool, "x").body is not None
    assert len(pool.status()) == 1


def test_a_closed_pool_may_be_used_again(pool: Pool) -> None:
    ask(pool, "x")
    pool.close()
    assert pool.status() == []
    assert ask(pool, "x").body is not None


def test_there_is_at_least_one_worker() -> None:
    assert default_workers() >= 1


def test_a_request_nobody_waits_for_is_given_up(pool: Pool) -> None:
    gone = threading.Event()
    threading.Timer(0.3, gone.set).start()
    request = {"op": "check", "code": "hang"}
    reply = pool.ask(INIT, request, Limits(60.0, 200), cancelled=gone.is_set)
    assert (reply.body, reply.stopped) == (None, "cancelled")
    reply = pool.ask(INIT, request, Limits(60.0, 200), cancelled=gone.is_set)
    assert reply.stopped == "cancelled"
    assert ask(pool, "x").body is not None


def test_closing_is_no_lack_of_memory(pool: Pool) -> None:
    threading.Timer(0.5, pool.close).start()
    assert ask(pool, "hang", 60.0).stopped == "crash"
