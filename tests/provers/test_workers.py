"""Workers that misbehave cost one answer and no more."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from provers.children import DiedError, OverdueError
from provers.errors import BrokenToolError
from provers.workers import GRACE_SECONDS, Pool, Worker
from tests.provers.test_process import gone

MODULE = "tests.provers.children.misbehaving"


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(MODULE)
    yield made
    made.stop()


def echo(worker: Worker, value: Any = 1) -> int:
    """The process id of a worker that answers as it should."""
    answer = worker.ask({"op": "echo", "value": value}, seconds=5)
    assert answer["echo"] == value
    return int(answer["pid"])


def test_one_process_answers_many_requests(worker: Worker) -> None:
    assert len({echo(worker, number) for number in range(20)}) == 1
    assert worker.restarts == 0


def test_long_requests_and_answers_pass(worker: Worker) -> None:
    echo(worker, "ü" * 3_000_000)


def test_an_exception_is_an_answer(worker: Worker) -> None:
    pid = echo(worker)
    answer = worker.ask({"op": "raise"}, seconds=5)
    assert answer == {"error": "ValueError", "message": "asked to"}
    assert echo(worker) == pid


@pytest.mark.parametrize("op", ["sleep", "ignore"])
def test_an_overdue_worker_is_killed_and_started_again(worker: Worker, op: str) -> None:
    pid = echo(worker)
    start = time.monotonic()
    with pytest.raises(OverdueError):
        worker.ask({"op": op, "seconds": 60}, seconds=0.3)
    assert time.monotonic() - start < 0.3 + GRACE_SECONDS + 5
    assert gone(pid)
    assert echo(worker) != pid
    assert worker.restarts == 1


def test_a_dead_worker_says_why_and_is_started_again(worker: Worker) -> None:
    pid = echo(worker)
    with pytest.raises(DiedError) as caught:
        worker.ask({"op": "die"}, seconds=5)
    assert caught.value.returncode == 3
    assert "last words" in caught.value.stderr
    assert not caught.value.out_of_memory
    assert echo(worker) != pid


@pytest.mark.parametrize("op", ["garbage", "list"])
def test_what_a_library_prints_is_no_answer(worker: Worker, op: str) -> None:
    assert worker.ask({"op": op}, seconds=5) == {}
    for value in ("first", "second", "third"):
        echo(worker, value)


@pytest.mark.parametrize(
    "request_",
    [
        {"op": "say", "say": "this is not JSON"},
        {"op": "say", "say": "[1, 2]"},
        {"op": "say", "say": '{"status": "unsat"}'},
        {"op": "say", "say": '{"status": "unsat", "request": 7}'},
        {"op": "twice", "say": '{"status": "unsat", "request": 1}'},
    ],
    ids=["garbage", "list", "no number", "wrong number", "two answers"],
)
def test_an_answer_to_another_question_is_refused(request_: dict[str, Any]) -> None:
    confused = Worker("tests.provers.children.confused")
    try:
        # Two lines may arrive in one piece or in two: either way none of them is believed
        # to answer the question after it.
        with contextlib.suppress(BrokenToolError):
            assert confused.ask(request_, seconds=5) == {"status": "unsat"}
            assert request_["op"] == "twice"
        for value in ("first", "second"):
            with contextlib.suppress(BrokenToolError):
                assert confused.ask({"op": "echo", "value": value}, seconds=5)["echo"] == value
        assert confused.ask({"op": "echo", "value": "last"}, seconds=5)["echo"] == "last"
    finally:
        confused.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit")
def test_memory_is_capped_for_each_request(worker: Worker) -> None:
    with pytest.raises(DiedError) as caught:
        worker.ask({"op": "memory", "megabytes": 1000}, seconds=10, megabytes=500)
    assert caught.value.out_of_memory
    answer = worker.ask({"op": "memory", "megabytes": 1000}, seconds=10, megabytes=3000)
    assert answer["size"] == 1000 << 20


def test_a_worker_that_cannot_start_says_so() -> None:
    broken = Worker("tests.provers.children.stillborn")
    for _ in range(2):
        with pytest.raises(BrokenToolError, match="no such library"):
            broken.ask({"op": "echo", "value": 1}, seconds=5)


def test_a_module_that_is_not_there_says_so() -> None:
    with pytest.raises(BrokenToolError, match="No module named"):
        Worker("tests.provers.children.absent").ask({}, seconds=5)


def test_a_pool_serves_more_threads_than_it_has_workers() -> None:
    pool = Pool(MODULE, size=2)
    pids = set()
    lock = threading.Lock()

    def ask(number: int) -> None:
        with pool.worker() as worker:
            pid = echo(worker, number)
        with lock:
            pids.add(pid)

    try:
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(ask, range(100)))
        assert 1 <= len(pids) <= 2
    finally:
        pool.close()
    assert all(gone(pid) for pid in pids)


def test_workers_of_a_pool_run_side_by_side() -> None:
    pool = Pool(MODULE, size=2)

    def sleep(_: int) -> int:
        with pool.worker() as worker:
            return int(worker.ask({"op": "sleep", "seconds": 0.7}, seconds=5)["pid"])

    try:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(sleep, range(2)))  # both are started now
            pids = set(threads.map(sleep, range(2)))
        assert len(pids) == 2  # at once: one worker alone would have served both
    finally:
        pool.close()


def test_one_thread_with_a_broken_worker_does_not_disturb_the_others() -> None:
    pool = Pool(MODULE, size=2)

    def ask(number: int) -> str:
        with pool.worker() as worker:
            if number % 5 == 0:
                with pytest.raises((OverdueError, DiedError)):
                    worker.ask({"op": "ignore" if number % 2 else "die"}, seconds=0.2)
                return "broken"
            echo(worker, number)
            return "ok"

    try:
        with ThreadPoolExecutor(4) as threads:
            answers = list(threads.map(ask, range(20)))
        assert answers.count("ok") == 16
    finally:
        pool.close()


def test_a_closed_pool_can_be_used_again() -> None:
    pool = Pool(MODULE)
    with pool.worker() as worker:
        first = echo(worker)
    pool.close()
    assert gone(first)
    with pool.worker() as worker:
        assert echo(worker) != first
    pool.close()


def test_a_worker_that_is_killed_after_its_answer_costs_the_next_question_nothing() -> None:
    pool = Pool(MODULE)
    with pool.worker() as held:
        first = echo(held)
        pool.close()  # comes when the answer is there, and the worker not yet given back
    with pool.worker() as held:
        assert echo(held) != first
    pool.close()


def test_closing_a_pool_ends_what_is_at_work(recwarn: pytest.WarningsRecorder) -> None:
    pool = Pool("tests.provers.children.misbehaving")
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            with pool.worker() as worker:
                worker.ask({"op": "sleep", "seconds": 60}, seconds=60)
        except DiedError as error:
            caught.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(1.0)
    start = time.monotonic()
    pool.close()
    thread.join(timeout=10)
    assert time.monotonic() - start < 5
    assert len(caught) == 1
    with pool.worker() as worker:
        assert echo(worker) > 0
    pool.close()
    assert not [w for w in recwarn if "thread" in str(w.message).lower()]
