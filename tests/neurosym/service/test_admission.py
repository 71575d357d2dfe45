"""Watches, lent provers, and who is admitted."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import pytest
from starlette.requests import Request

from neurosym.service.admission import Admission
from neurosym.service.lending import Lending
from neurosym.service.problems import ServiceProblem
from neurosym.service.watch import Watch
from provers import registry
from provers.base import Limits, Outcome, ScriptProblem
from provers.problems import read_problem
from tests.neurosym.service.test_prove import pigeons

EASY = read_problem(["p"], "p")
HARD = ScriptProblem("smtlib", pigeons(14))


# --- watches -------------------------------------------------------------------------------


def test_a_watch_stops_once_its_budget_is_spent() -> None:
    watch = Watch(0.05)
    assert watch.stopped() == "" and 0 < watch.left <= 0.05
    time.sleep(0.06)
    assert watch.stopped() == "timeout" and watch.left == 0
    watch.cancel()
    assert watch.stopped() == "cancelled"


def test_expiring_never_gives_more() -> None:
    watch = Watch(0.5)
    watch.expire(100)
    assert watch.left <= 0.5
    watch.expire()
    assert watch.stopped() == "timeout"


def test_a_budget_that_is_spent_stops_what_runs() -> None:
    watch, stopped = Watch(), []
    with watch.stopping(lambda: stopped.append(1)):
        watch.expire(1)
        assert stopped == []
        watch.expire()
    assert stopped == [1] and watch.stopped() == "timeout"


def test_cancelling_stops_what_runs_and_nothing_later() -> None:
    watch, stopped = Watch(), []
    with watch.stopping(lambda: stopped.append(1)):
        watch.cancel()
    watch.cancel()
    assert stopped == [1] and watch.left == 0


# --- lent provers --------------------------------------------------------------------------


@pytest.fixture
def restarts() -> list[int]:
    return []


@pytest.fixture
def lending(restarts: list[int]) -> Iterator[Lending]:
    found = Lending(registry.load, 2, restarts.append)
    yield found
    found.close()


def test_a_prover_is_lent_to_one_and_lent_again(lending: Lending) -> None:
    watch = Watch()
    with lending.borrow("z3", watch) as one, lending.borrow("z3", watch) as other:
        assert one._prover is not other._prover
        first = one._prover
        assert one.prove(EASY, Limits(5)).outcome is Outcome.PROVED
    with lending.borrow("z3", watch) as again:
        assert again._prover is first


def test_a_cancelled_question_ends_at_once_as_unknown(
    lending: Lending, restarts: list[int]
) -> None:
    watch = Watch()
    with lending.borrow("z3", watch) as prover:
        assert prover.prove(EASY, Limits(5)).outcome is Outcome.PROVED
        threading.Timer(0.3, watch.cancel).start()
        start = time.monotonic()
        result = prover.prove(HARD, Limits(60))
        assert time.monotonic() - start < 15
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")
        assert prover.hurried and not prover.failed
    with lending.borrow("z3", Watch()) as prover:  # another's is not stopped by it
        assert prover.prove(EASY, Limits(5)).outcome is Outcome.PROVED
    assert restarts == [1]


def test_a_budget_cuts_a_questions_time(lending: Lending) -> None:
    watch = Watch(0.5)
    with lending.borrow("z3", watch) as prover:
        start = time.monotonic()
        result = prover.prove(HARD, Limits(60))
        assert time.monotonic() - start < 15
        assert (result.outcome, result.reason) == (Outcome.UNKNOWN, "timeout")
        assert prover.hurried
        assert prover.prove(EASY, Limits(5)).reason == "timeout"  # nothing is left


def test_what_is_undecided_by_its_own_limit_is_not_hurried(lending: Lending) -> None:
    with lending.borrow("z3", Watch(60)) as prover:
        assert prover.prove(HARD, Limits(0.3)).outcome is Outcome.UNKNOWN
        assert prover.undecided and not prover.hurried


# --- admission -----------------------------------------------------------------------------


def request() -> Request:
    """A request whose client stays."""

    async def receive() -> dict[str, str]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)  # type: ignore[arg-type]


def leaving(seconds: float) -> Request:
    """A request whose client goes."""

    async def receive() -> dict[str, str]:
        await asyncio.sleep(seconds)
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)  # type: ignore[arg-type]


def test_more_than_workers_and_queue_is_refused() -> None:
    rejected: list[int] = []
    admission = Admission(1, 1, lambda: rejected.append(1))
    go = threading.Event()

    async def asked() -> list[object]:
        tasks = [
            asyncio.ensure_future(admission.run(request(), lambda _, i=i: (go.wait(10), i)[1]))
            for i in range(3)
        ]
        await asyncio.sleep(0.1)
        assert (admission.running, admission.waiting) == (1, 1)
        go.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, second, third = asyncio.run(asked())
    assert (first, second) == (0, 1)
    assert isinstance(third, ServiceProblem) and third.status == 429
    assert int(third.headers["Retry-After"]) >= 1 and rejected == [1]
    assert (admission.running, admission.waiting) == (0, 0)


def test_a_client_that_goes_cancels_and_what_fails_frees_its_place() -> None:
    admission = Admission(1, 0, lambda: None)

    def until_stopped(watch: Watch) -> str:
        while not watch.stopped():
            time.sleep(0.01)
        return watch.stopped()

    def failing(_: Watch) -> None:
        raise ValueError("no")

    async def asked() -> str:
        with pytest.raises(ValueError, match="no"):
            await admission.run(request(), failing)
        assert await admission.run(request(), until_stopped, 0.1) == "timeout"
        return await admission.run(leaving(0.1), until_stopped, 60)

    assert asyncio.run(asyncio.wait_for(asked(), 10)) == "cancelled"
    assert admission.running == 0


def test_streams_give_items_as_they_come_and_stop_when_closed() -> None:
    admission = Admission(1, 0, lambda: None)
    ended = threading.Event()

    def items(watch: Watch) -> Iterator[int]:
        try:
            for i in range(10_000):
                if watch.stopped():
                    return
                yield i
                time.sleep(0.01)
        finally:
            ended.set()

    async def asked() -> list[int]:
        stream = admission.stream(request(), items)
        found = [await anext(stream) for _ in range(3)]
        await stream.aclose()  # type: ignore[attr-defined]
        return found

    assert asyncio.run(asked()) == [0, 1, 2]
    assert ended.wait(5)


def test_a_stream_that_fails_says_so() -> None:
    admission = Admission(1, 0, lambda: None)

    def items(_: Watch) -> Iterator[int]:
        yield 1
        raise ValueError("broke off")

    async def asked() -> list[int]:
        found = []
        with pytest.raises(ValueError, match="broke off"):
            async for item in admission.stream(request(), items):
                found.append(item)
        return found

    assert asyncio.run(asked()) == [1]
    assert admission.running == 0


def test_draining_refuses_and_leaves_what_runs_its_grace() -> None:
    admission = Admission(1, 5, lambda: None)

    def until_stopped(watch: Watch) -> float:
        start = time.monotonic()
        while not watch.stopped():
            time.sleep(0.01)
        return time.monotonic() - start

    async def asked() -> float:
        running = asyncio.ensure_future(admission.run(request(), until_stopped))
        await asyncio.sleep(0.1)
        admission.drain(0.3)
        with pytest.raises(ServiceProblem) as refused:
            await admission.run(request(), until_stopped)
        assert refused.value.status == 503 and refused.value.headers["Retry-After"]
        return await running

    assert 0.2 < asyncio.run(asyncio.wait_for(asked(), 10)) < 3
