"""A batch on a Ray cluster of two nodes, one of which is killed in the middle.

The records are those of ``batch``. Two runs are made on a cluster of two nodes on this machine,
with a worker each: one undisturbed, and one in which all processes of the second node are killed
(SIGKILL) once half of the records are done. Every answer that comes back from the cluster is
counted, before the ledger could hide one that came twice. Ray's health checks are its defaults;
``noticed_after_seconds`` is how long it took until the first attempt was known to be lost.
``of_those_out_of_time``: a prover ran into its time limit in one of the two runs, which a busy
machine decides.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.batch import records, timeless, write
from neurosym.runs.batch.base import Configuration, Done, Event, Executor, Lost, Task
from neurosym.runs.batch.coordinator import Coordinator
from neurosym.runs.batch.executors import cluster as clusters
from neurosym.runs.batch.executors.ray import RayExecutor
from neurosym.runs.batch.folder import RESULTS, RunFolder
from neurosym.runs.batch.results import write_results
from neurosym.runs.inputs import items

RECORDS = 1_000
CONFIGURATION = Configuration(prover="z3")


def run(data: Path, limit: int | None) -> dict[str, Any]:
    number = limit or RECORDS
    ray = clusters.load()
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "records.jsonl"
        write(file, list(records(data)), number)
        cluster = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False}
        )
        try:
            second = cluster.add_node(num_cpus=1)
            calm = _made(file, Path(place) / "calm", cluster.address, lambda: None)
            killed = _made(
                file,
                Path(place) / "killed",
                cluster.address,
                lambda: cluster.remove_node(second, allow_graceful=False),
            )
        finally:
            cluster.shutdown()
        one, other = calm.results, killed.results
        differing = [id for id in one if one[id] != other.get(id)]
        watched = killed.watched
        return {
            "records": number,
            "ray": ray.__version__,
            "nodes": 2,
            "workers": calm.watched.workers,
            "killed_after": watched.killed_after,
            "noticed_after_seconds": round(watched.noticed_after, 1),
            "attempts_lost": watched.lost,
            "attempts_blamed": watched.blamed,
            "lost": number - len(other),
            "came_back_twice": sum(many > 1 for many in watched.done.values()),
            "twice_in_results": killed.lines - len(other),
            "different_from_undisturbed": len(differing),
            "of_those_out_of_time": sum(
                "timeout" in (one[id]["reason"], other.get(id, {}).get("reason"))
                for id in differing
            ),
            "seconds_undisturbed": round(calm.seconds, 1),
            "seconds_killed": round(killed.seconds, 1),
        }


class _Watched:
    """An executor whose answers are counted, and which is disturbed once half of them are there."""

    def __init__(self, executor: RayExecutor, half: int, disturb: Callable[[], None]) -> None:
        self._executor: Executor = executor
        self._half = half
        self._disturb = disturb
        self._killed = 0.0
        self.workers = executor.workers
        self.done: Counter[tuple[int, int]] = Counter()
        self.lost = self.blamed = self.killed_after = 0
        self.noticed_after = 0.0

    @property
    def room(self) -> int:
        return self._executor.room

    def submit(self, task: Task) -> None:
        self._executor.submit(task)

    def wait(self, seconds: float) -> Sequence[Event]:
        events = self._executor.wait(seconds)
        for event in events:
            match event:
                case Done(task, _):
                    self.done[task.key] += 1
                case Lost(_, _, blamed):
                    self.noticed_after = self.noticed_after or time.monotonic() - self._killed
                    self.lost += 1
                    self.blamed += blamed
        if not self._killed and len(self.done) >= self._half:
            self.killed_after = len(self.done)
            self._killed = time.monotonic()
            self._disturb()
        return events

    def describe(self) -> dict[str, Any]:
        return self._executor.describe()

    def close(self) -> None:
        self._executor.close()


class _Made:
    """A run that was made: its results by id, how many lines those were, and its seconds."""

    def __init__(self, results: Path, watched: _Watched, seconds: float) -> None:
        with results.open(encoding="utf-8") as lines:
            found = [json.loads(line) for line in lines]
        self.results = {record["id"]: timeless(record) for record in found}
        self.lines = len(found)
        self.watched = watched
        self.seconds = seconds


def _made(file: Path, out: Path, address: str, disturb: Callable[[], None]) -> _Made:
    start = time.monotonic()
    folder = RunFolder(out)
    with folder.held():
        manifest = folder.begin([str(file)], CONFIGURATION)
        ledger = folder.ledger()
        executor = RayExecutor(CONFIGURATION, address=address, workers=2)
        try:
            watched = _Watched(executor, manifest.records // 2, disturb)
            problems = items(manifest.inputs)
            end = Coordinator(problems, manifest.records, CONFIGURATION, ledger, watched).run()
            assert end == "done", end
            write_results(ledger, folder)
        finally:
            executor.close()
            ledger.close()
    return _Made(out / RESULTS, watched, time.monotonic() - start)
