"""Worker processes of this machine: each task comes back once, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from neurosym.runs.batch.base import Configuration, Done, Event, Lost, Task
from neurosym.runs.batch.executors.local import LocalExecutor
from neurosym.runs.items import Item, Origin
from neurosym.runs.problems import ProblemRecord
from provers.errors import BrokenToolError, InputError
from tests.neurosym.runs.batch.acting import Actor, actor

CONFIGURATION = Configuration(prover="z3", megabytes=512)


def task(position: int, word: str) -> Task:
    record = ProblemRecord(id=str(position), goal=word)
    return Task(position, Item(str(position), "prove", record, Origin("f", 1, "neurosym")))


def executor(workers: int = 2, **more: Any) -> LocalExecutor:
    return LocalExecutor(CONFIGURATION, workers=workers, worker=more.pop("worker", actor), **more)


def gathered(local: LocalExecutor, many: int, seconds: float = 60.0) -> list[Event]:
    events: list[Event] = []
    end = time.monotonic() + seconds
    while len(events) < many:
        assert time.monotonic() < end, f"only {len(events)} of {many} came back"
        events += local.wait(0.5)
    return events


def test_each_task_comes_back_once_from_several_processes() -> None:
    local = executor()
    try:
        assert local.room >= 2
        left = [task(i, "proved") for i in range(50)]
        events: list[Event] = []
        while left or len(events) < 50:
            while left and local.room > 0:
                local.submit(left.pop(0))
            events += local.wait(1.0)
        assert sorted(event.task.position for event in events) == list(range(50))
        assert all(isinstance(e, Done) and e.attempt.outcome == "proved" for e in events)
        processes = local.describe()["processes"]
        assert len(processes) == 2
    finally:
        local.close()
    assert not any(_alive(pid) for pid in processes)


def test_what_a_worker_died_of_is_blamed_and_what_waited_is_not() -> None:
    local = executor(workers=1)
    try:
        local.submit(task(0, "proved"))
        (first,) = gathered(local, 1)
        assert isinstance(first, Done)
        local.submit(task(1, "crash"))
        local.submit(task(2, "proved"))
        events = gathered(local, 2)
        assert [(e.task.position, e.blamed) for e in events if isinstance(e, Lost)] == [
            (1, True),
            (2, False),
        ]
        assert isinstance(events[0], Lost) and events[0].why == "the worker ended with status 7"
        local.submit(task(2, "proved"))
        (again,) = gathered(local, 1)
        assert isinstance(again, Done)
    finally:
        local.close()


def test_a_killed_worker_and_one_without_memory_are_named() -> None:
    local = executor(workers=1)
    try:
        local.submit(task(0, "memory"))
        (lost,) = gathered(local, 1)
        assert isinstance(lost, Lost) and lost.why == "the worker ran out of memory"
        local.submit(task(1, "slow"))
        time.sleep(0.5)
        (pid,) = local.describe()["processes"]
        os.kill(pid, signal.SIGKILL)
        (lost,) = gathered(local, 1)
        assert isinstance(lost, Lost) and "SIGKILL" in lost.why and lost.blamed
    finally:
        local.close()


def test_closing_stops_what_is_at_work() -> None:
    local = executor()
    local.submit(task(0, "slow"))
    local.submit(task(1, "proved"))
    gathered(local, 1)
    pids = local.describe()["processes"]
    start = time.monotonic()
    local.close()
    assert time.monotonic() - start < 5
    assert not any(_alive(pid) for pid in pids)


def test_what_waits_behind_a_slow_one_is_given_back() -> None:
    local = executor(workers=1)
    try:
        for position, word in enumerate(["slow", "proved", "refuted"]):
            local.submit(task(position, word))
        events = gathered(local, 2)
        assert [(e.task.position, e.blamed) for e in events if isinstance(e, Lost)] == [
            (1, False),
            (2, False),
        ]
        assert local.room == 0
    finally:
        local.close()


def test_workers_that_do_not_start_are_an_error() -> None:
    local = executor(worker=_stillborn)
    try:
        with pytest.raises(BrokenToolError, match="do not start"):
            for _ in range(10):
                local.submit(task(0, "proved"))
                gathered(local, 1)
    finally:
        local.close()


def _stillborn(configuration: Configuration) -> Actor:
    raise SystemExit(3)


def test_memory_is_budgeted_before_anything_runs() -> None:
    with pytest.raises(InputError, match=r"2 workers with 512 MB .* 1,024 MB, more than the 1,000"):
        executor(megabytes=1000)
    assert executor(megabytes=1024).describe()["megabytes"] == 1024
    with pytest.raises(InputError, match="at least one worker"):
        executor(workers=0)


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
