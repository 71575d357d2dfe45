"""Actors of real Ray clusters: each task comes back once, whatever happens to actors and nodes."""

from __future__ import annotations

import importlib.util
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from neurosym.runs import keys
from neurosym.runs.batch.base import Attempt, Configuration, Done, Event, Lost, Task
from neurosym.runs.batch.executors import cluster as clusters
from neurosym.runs.batch.executors import ray
from neurosym.runs.batch.executors.ray import RayExecutor
from neurosym.runs.batch.work import Worker
from neurosym.runs.items import Item, Origin
from neurosym.runs.problems import ProblemRecord
from provers.errors import BrokenToolError, InputError, MissingToolError
from tests.neurosym.runs.batch.acting import Actor, made

ROOT = Path(__file__).parents[4]
CONFIGURATION = Configuration(prover="z3", megabytes=256)
# Nodes that are gone are noticed within a second, not within half a minute.
HASTY = {
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 300,
    "health_check_timeout_ms": 1000,
    "health_check_failure_threshold": 3,
}
_MARK = "977.5"


class Acting(Actor):
    """An ``Actor`` that also starts a process which outlives it unless it is closed.

    Problems with premises are left to a real worker.
    """

    def __init__(self, configuration: Configuration) -> None:
        super().__init__(configuration)
        self.children: list[subprocess.Popen[bytes]] = []
        self.worker = Worker(configuration)

    def prepare(self) -> None:
        self.worker.prepare()

    def attempt(self, task: Task) -> Attempt:
        assert isinstance(task.item.payload, ProblemRecord)
        if task.item.payload.premises:
            return self.worker.attempt(task)
        word = task.item.payload.goal
        if word == "child":
            self.children.append(subprocess.Popen(["sleep", _MARK], start_new_session=True))
            word = "sleep-60"
        if word is not None and word.startswith("sleep-"):
            time.sleep(float(word.partition("-")[2]))
            return made(task, "proved")
        return super().attempt(task)

    def close(self) -> None:
        self.worker.close()
        for child in self.children:
            child.kill()


def acting(configuration: Configuration) -> Acting:
    return Acting(configuration)


class Lacking(Acting):
    def prepare(self) -> None:
        raise MissingToolError("Vampire is missing: install it.")


def lacking(configuration: Configuration) -> Lacking:
    return Lacking(configuration)


def stillborn(configuration: Configuration) -> Acting:
    os._exit(5)


@pytest.fixture(scope="module", autouse=True)
def _importable() -> Iterator[None]:
    """Ray, and nodes on which the workers of these tests can be imported."""
    if importlib.util.find_spec("ray") is None:  # it is not imported: the executor does that
        pytest.skip("Ray is not installed (pip install 'neurosym[ray]')")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        if "ray" not in sys.modules:  # it reads these once
            patch.setenv("RAY_AUTH_MODE", "token")
            patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        yield


@pytest.fixture(scope="module")
def two() -> Iterator[Any]:
    """A cluster of two nodes with a processor and with two; ``add_node`` adds one."""
    from ray.cluster_utils import Cluster

    options = {"num_cpus": 1, "include_dashboard": False, "_system_config": HASTY}
    cluster = Cluster(initialize_head=True, head_node_args=options)
    try:
        cluster.add_node(num_cpus=2)
        yield cluster
    finally:
        cluster.shutdown()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cluster is there: that needs no trying in another process first."""
    monkeypatch.setattr(clusters, "_probe", lambda address: None)


def task(position: int, word: str, *premises: str) -> Task:
    record = ProblemRecord(id=str(position), premises=list(premises), goal=word)
    return Task(position, Item(str(position), "prove", record, Origin("f", 1, "neurosym")))


class Run:
    """A coordinator in small: submits what there is room for, and what was lost again."""

    def __init__(self, executor: RayExecutor, *words: str) -> None:
        self.executor = executor
        self.left = [task(i, word) for i, word in enumerate(words)]
        self.done: Counter[int] = Counter()
        self.outcomes: dict[int, str] = {}
        self.lost: list[Lost] = []
        self.flying = 0

    def until(self, enough: Callable[[], bool], seconds: float = 40.0) -> None:
        end = time.monotonic() + seconds
        while not enough():
            assert time.monotonic() < end, f"{self.done.total()} done, {self.flying} flying"
            while self.left and self.executor.room > 0:
                self.executor.submit(self.left.pop(0))
                self.flying += 1
            for event in self.executor.wait(0.5):
                self.take(event)

    def take(self, event: Event) -> None:
        self.flying -= 1
        if isinstance(event, Done):
            self.done[event.task.position] += 1
            self.outcomes[event.task.position] = event.attempt.outcome
            return
        self.lost.append(event)
        if not event.blamed:
            self.left.append(event.task)

    def all_back(self) -> bool:
        return not self.flying and not self.left


# --- a cluster for the run -------------------------------------------------------------------


def test_a_local_cluster_from_its_beginning_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fresh = "ray" not in sys.modules
    others = _descendants(os.getpid())
    # A file in the current folder must not be imported by anybody.
    (tmp_path / "z3.py").write_text("raise SystemExit('the wrong z3')")
    (tmp_path / "lark.py").write_text("raise SystemExit('the wrong lark')")
    monkeypatch.chdir(tmp_path)
    before = dict(os.environ), Path.cwd(), signal.getsignal(signal.SIGINT)
    executor = RayExecutor(CONFIGURATION, address=None, workers=2, worker=acting)
    try:
        assert (dict(os.environ), Path.cwd(), signal.getsignal(signal.SIGINT)) == before
        run = Run(executor)
        run.left = [
            task(i, f"A(c{i})" if i % 3 else f"-A(c{i})", "all x. (D(x) -> A(x))", f"D(c{i})")
            for i in range(60)
        ]
        run.until(lambda: run.all_back() and executor.describe()["workers"] == 2)
        assert run.done == Counter(range(60)) and not run.lost
        assert [run.outcomes[i] for i in range(4)] == ["refuted", "proved", "proved", "refuted"]
        assert executor.workers == 2
        said = executor.describe()
        assert (said["executor"], said["address"], said["workers"]) == ("ray", "local", 2)

        run = Run(executor, "crash", "memory", *["pause"] * 20)
        run.until(run.all_back)
        assert run.done == Counter(range(2, 22))
        assert sorted((e.task.position, e.why) for e in run.lost if e.blamed) == [
            (0, "the worker's process died"),
            (1, "the worker ran out of memory"),
        ]

        for number in range(2):
            executor.submit(task(number, "child"))
        end = time.monotonic() + 20
        while len(_children()) < 2 and time.monotonic() < end:
            executor.wait(0.2)
        assert len(_children()) == 2
        processes = _descendants(os.getpid()) - others
        assert any("raylet" in _words(pid) for pid in processes)
        (folder,) = {path for path in _scratches() if (path / "session_latest").exists()}
        start = time.monotonic()
        executor.close()
        assert time.monotonic() - start < 10
        assert not _children()
        _gone(processes)
        assert not folder.exists()
        if fresh:  # else whoever imported Ray decides what it prints
            assert capfd.readouterr() == ("", "")
    finally:
        executor.close()


# --- a cluster that is there ------------------------------------------------------------------


def test_what_waits_behind_a_slow_problem_is_done_elsewhere(two: Any, at_once: None) -> None:
    executor = RayExecutor(CONFIGURATION, address=two.address, workers=2, worker=acting)
    try:
        run = Run(executor, "sleep-0", "sleep-0")
        run.until(lambda: run.all_back() and executor.describe()["workers"] == 2)
        assert executor.room == 4
        for _ in range(100):  # tasks change hands when they are about to begin
            run = Run(executor, *["sleep-0.002"] * 3)
            run.until(run.all_back)
            assert run.done == Counter(range(3)) and not run.lost
        run = Run(executor, "sleep-25", *["sleep-0.01"] * 21)
        start = time.monotonic()
        run.until(lambda: run.done.total() == 21)
        assert time.monotonic() - start < 15 and 0 not in run.done
        start = time.monotonic()
        executor.close()  # in the middle of it
        assert time.monotonic() - start < 8
    finally:
        executor.close()


def test_a_node_with_another_neurosym_is_refused(
    two: Any, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = keys.neurosym_version()
    monkeypatch.setattr(keys, "neurosym_version", lambda: "0.0.1+0123")
    executor = RayExecutor(CONFIGURATION, address=two.address, workers=1, worker=acting)
    try:
        executor.submit(task(0, "proved"))
        with pytest.raises(BrokenToolError) as raised:
            for _ in range(60):
                executor.wait(0.5)
        assert f"has neurosym {there}, and the run was begun with 0.0.1+0123" in str(raised.value)
    finally:
        executor.close()


def test_a_worker_without_its_tools_and_one_that_does_not_start(
    two: Any, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray, "_MOST_FALSE_STARTS", 2)
    for worker, kind, said in (
        (lacking, MissingToolError, r"Vampire is missing: install it\. \(on the node [\d.]+\)"),
        (stillborn, BrokenToolError, "The workers do not start: the worker's process died"),
    ):
        executor = RayExecutor(CONFIGURATION, address=two.address, workers=1, worker=worker)
        try:
            with pytest.raises(kind, match=said):
                for _ in range(60):
                    executor.wait(0.5)
        finally:
            executor.close()


def test_a_node_without_neurosym_is_told_what_to_install(
    two: Any, at_once: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nsys.modules['neurosym'] = sys.modules['provers'] = None\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    bare = two.add_node(num_cpus=1)
    executor = RayExecutor(CONFIGURATION, address=two.address, workers=4, worker=acting)
    try:
        said = r"The node [\d.]+ .* has no neurosym, .* pip install 'neurosym\[ray\]', in the"
        with pytest.raises(MissingToolError, match=said):
            for _ in range(60):
                executor.wait(0.5)
    finally:
        executor.close()
        two.remove_node(bare, allow_graceful=False)


def test_nodes_that_die_and_nodes_that_join(two: Any) -> None:
    executor = RayExecutor(CONFIGURATION, address=two.address, workers=None, worker=acting)
    try:
        run = Run(executor, *["sleep-0.1"] * 100)
        run.until(lambda: executor.describe()["workers"] == 3 and run.done.total() > 10)
        (second,) = two.worker_nodes
        two.remove_node(second, allow_graceful=False)
        run.until(lambda: bool(run.lost))
        assert len(run.lost) <= 4 and not any(event.blamed for event in run.lost)
        assert all(event.why.endswith("died") for event in run.lost)
        third = two.add_node(num_cpus=2)
        run.until(lambda: executor.describe()["workers"] == 3)
        # All workers of a node die, and it does only after that: they are not to blame either.
        before = len(run.lost)
        (raylet,) = third.all_processes["raylet"]
        for pid in _descendants(raylet.process.pid):
            if "Hand" in _words(pid):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.3)
        two.remove_node(third, allow_graceful=False)
        run.until(run.all_back)
        assert len(run.lost) > before and not any(event.blamed for event in run.lost)
        assert run.done == Counter(range(100))
        # A task that takes nodes along is spared a few times only.
        assert [executor._spare(task(999, "")) for _ in range(3)] == [True, True, False]
    finally:
        executor.close()


# --- no cluster -------------------------------------------------------------------------------


def test_an_address_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "JOIN_SECONDS", 3.0)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        start = time.monotonic()
        with pytest.raises(BrokenToolError, match=f"No Ray cluster answers at {address} within"):
            RayExecutor(CONFIGURATION, address=address, workers=1, worker=acting)
        assert time.monotonic() - start < 6
    assert clusters.load().is_initialized() is False


@pytest.mark.parametrize("address", ["nonsense", "host", "http://host:1", "host:1; ls", ""])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(InputError, match="no address of a Ray cluster: give auto, HOST:PORT"):
        RayExecutor(CONFIGURATION, address=address, workers=1, worker=acting)


def test_no_workers() -> None:
    with pytest.raises(InputError, match="at least one worker"):
        RayExecutor(CONFIGURATION, address=None, workers=0, worker=acting)


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingToolError, match=r"pip install 'neurosym\[ray\]'"):
        RayExecutor(CONFIGURATION, address=None, workers=1, worker=acting)


# --- processes --------------------------------------------------------------------------------


def _stat(pid: int) -> list[str]:
    """State, parent and more of a process; empty if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _words(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _children() -> list[int]:
    return [pid for pid in _pids() if _words(pid).strip() == f"sleep {_MARK}"]


def _scratches() -> Iterator[Path]:
    return Path(tempfile.gettempdir()).glob("neurosym-scratch-*")


def _descendants(root: int) -> set[int]:
    parents = {pid: int(stat[1]) for pid in _pids() if (stat := _stat(pid))}
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {root}


def _gone(processes: set[int]) -> None:
    end = time.monotonic() + 10
    while left := [pid for pid in processes if (stat := _stat(pid)) and stat[0] != "Z"]:
        assert time.monotonic() < end, [_words(pid)[:100] for pid in left]
        time.sleep(0.1)
