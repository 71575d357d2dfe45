"""What a run will take, from a pilot of it: time, memory, disk, core hours, tokens.

The model is a queue: one coordinator hands out problems in order, each costing it a little time,
and ``workers`` servers take the measured time for each. It is simulated with times drawn from the
pilot's (Law, Simulation Modeling and Analysis, chapter 1.4), up to a size from which on more
problems only add their mean; what the pilot itself took calibrates it.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from neurosym.runs.batch.base import Configuration, Executor
from neurosym.runs.batch.coordinator import Coordinator, Progress
from neurosym.runs.batch.folder import RunFolder
from neurosym.runs.batch.results import write_results
from neurosym.runs.inputs import items
from provers.errors import InputError

_SIMULATED: Final = 20_000
_BOOTSTRAPS: Final = 400
_SEED: Final = 0
_HOUR: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Rates:
    """What a pilot measured.

    ``service`` are the seconds that a worker spent on each problem, ``stretch`` what the real run
    took over the simulated one. ``coordination`` is the coordinator's processor time, ``reading``
    and ``writing`` the time before and after the attempts, each in seconds for one problem;
    ``starting`` the seconds until the first attempt was made. ``megabytes``: of a worker and its
    provers at their most; ``bytes``: in the run's folder, for one problem; ``tokens`` likewise.
    """

    service: tuple[float, ...]
    workers: int
    stretch: float
    coordination: float
    reading: float
    writing: float
    starting: float
    megabytes: float
    bytes: float
    tokens: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``problems`` will take with ``workers`` on each of ``nodes``.

    ``seconds`` in all, and from ``low`` to ``high`` as far as the pilot tells (nine in ten of its
    bootstrap samples; of what it never met it cannot know). ``saturated``: whether the coordinator
    is the bottleneck, and ``most`` how many workers it could keep busy. ``core_hours`` are those of
    the workers' cores; ``cost`` is theirs at the given price, None without one.
    """

    problems: int
    nodes: int
    workers: int
    seconds: float
    low: float
    high: float
    saturated: bool
    most: int
    megabytes_each_node: float
    gigabytes_on_disk: float
    core_hours: float
    tokens: float
    cost: float | None


def plan(rates: Rates, problems: int, *, nodes: int = 1, price: float | None = None) -> Plan:
    """What so many problems like the pilot's will take on ``nodes`` machines like this one.

    ``price`` is for an hour of one worker's core. Raises InputError for less than one of either.
    """
    if problems < 1 or nodes < 1:
        raise InputError("a plan is for at least one problem on at least one machine.")
    workers = nodes * rates.workers
    service = [seconds * rates.stretch for seconds in rates.service]
    mean = sum(service) / len(service)
    working = makespan(service, problems, workers, rates.coordination)
    fixed = rates.starting + problems * (rates.reading + rates.writing)
    low, high = _interval(service, problems)
    seconds = fixed + working
    hours = seconds * workers / _HOUR
    # Beside the coordinator's core, which the pilot's workers had to share.
    most = max(1, int(mean / max(rates.coordination, 1e-9)))
    return Plan(
        problems=problems,
        nodes=nodes,
        workers=workers,
        seconds=seconds,
        low=fixed + working * low,
        high=fixed + working * high,
        saturated=workers > most,
        most=most,
        megabytes_each_node=rates.megabytes * rates.workers,
        gigabytes_on_disk=problems * rates.bytes / 1e9,
        core_hours=hours,
        tokens=problems * rates.tokens,
        cost=None if price is None else hours * price,
    )


def _interval(service: Sequence[float], problems: int) -> tuple[float, float]:
    """Between which shares of its estimate the time of ``problems`` lies: pilot and run are both
    samples of what there is.
    """
    draw = random.Random(_SEED)
    mean = sum(service) / len(service)
    size = len(service)
    means = sorted(sum(draw.choices(service, k=size)) / size for _ in range(_BOOTSTRAPS))
    # The run is a sample, too, whose mean varies the less the larger it is.
    wider = math.sqrt(1 + size / problems)
    low, high = (means[int(share * (_BOOTSTRAPS - 1))] / mean for share in (0.05, 0.95))
    return max(0.0, 1 + wider * (low - 1)), 1 + wider * (high - 1)


def makespan(
    service: Sequence[float], problems: int, workers: int, coordination: float = 0.0
) -> float:
    """The seconds until the last of ``problems`` is done, with times drawn from ``service``."""
    simulated = min(problems, max(_SIMULATED, 20 * workers))
    draw = random.Random(_SEED)
    # Without replacement while that is possible: a small run is like its pilot, not like chance.
    times: list[float] = []
    while len(times) < simulated:
        times += draw.sample(list(service), min(len(service), simulated - len(times)))
    seconds = simulate(times, workers, coordination)
    mean = sum(service) / len(service)
    return seconds + (problems - simulated) * max(mean / workers, coordination)


def simulate(times: Sequence[float], workers: int, coordination: float = 0.0) -> float:
    """The seconds until problems that take ``times`` are done, handed out in order."""
    free = [0.0] * min(workers, max(1, len(times)))
    handed = end = 0.0
    for seconds in times:
        handed = max(handed + coordination, free[0])
        heapq.heapreplace(free, handed + seconds)
        end = max(end, handed + seconds)
    return end


# --- the pilot -------------------------------------------------------------------------------


def pilot(
    inputs: Sequence[str],
    configuration: Configuration,
    executor: Executor,
    folder: RunFolder,
    *,
    problems: int = 200,
) -> Rates:
    """Work on about ``problems`` of the inputs, evenly spread over them, and measure.

    ``folder`` is a run's of its own, empty, which can be thrown away afterwards. Raises what a
    run raises, and InputError where there is nothing to work on.
    """
    start = time.monotonic()
    manifest = folder.begin(inputs, configuration)
    reading = time.monotonic() - start
    every = max(1, manifest.records // problems)
    chosen = list(itertools.islice(items(manifest.inputs), 0, None, every))
    ledger = folder.ledger()
    try:
        first: list[float] = []

        def tell(progress: Progress) -> None:
            if not first and progress.attempts:
                first.append(time.monotonic())

        start, used = time.monotonic(), time.process_time()
        coordinator = Coordinator(chosen, len(chosen), configuration, ledger, executor, tell)
        coordinator.run()
        end, used = time.monotonic(), time.process_time() - used
        megabytes = _peak(executor)
        finished = list(ledger.problems())
        written = time.monotonic()
        write_results(ledger, folder)
        writing = time.monotonic() - written
    finally:
        ledger.close()
    service = tuple(one.seconds for one in finished)
    starting = max(0.0, (first[0] if first else end) - start - max(service[:1], default=0.0))
    # A whole run reads its inputs again while it hands them out.
    coordination = used / len(finished) + reading / manifest.records
    simulated = simulate(service, executor.workers)
    stretch = max(1.0, (end - start - starting) / simulated) if simulated else 1.0
    return Rates(
        service=service,
        workers=executor.workers,
        stretch=stretch,
        coordination=coordination,
        reading=reading / manifest.records,
        writing=writing / len(finished),
        starting=starting,
        megabytes=megabytes / max(1, executor.workers),
        bytes=sum(f.stat().st_size for f in folder.path.iterdir()) / len(finished),
        tokens=coordinator.progress.tokens / len(finished),
    )


def _peak(executor: Executor) -> float:
    """The most megabytes that the workers of this machine and their children had, added up."""
    parents: dict[int, int] = {}
    peaks: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            lines = dict(
                line.split(":", 1) for line in status.read_text().splitlines() if ":" in line
            )
        except OSError:  # it has ended meanwhile
            continue
        pid = int(status.parent.name)
        parents[pid] = int(lines["PPid"])
        peaks[pid] = int(lines.get("VmHWM", "0 kB").split()[0])
    wanted = set(executor.describe().get("processes", ()))
    found = 0
    for pid, kilobytes in peaks.items():
        one = pid
        while one in parents and one not in wanted:
            one = parents[one]
        found += kilobytes if one in wanted else 0
    return found / 1024
