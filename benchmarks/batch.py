"""A batch of first-order records: what it costs over the provers' own time, kills, and its plan.

The records are FOLIO's problems in the set's own formulas and the programs that language models
wrote for FOLIO and ProofWriter (LINC's recordings), each as a problem of its own, over and over
with new ids until there are enough.

``overhead``: the whole command, from its start to the last result written, against two processes
that do nothing but ask the same prover the same questions, read beforehand (``bare``). Both run
several times in turns, since the machine's speed varies; the medians are compared.

``kills``: the command is killed (SIGKILL, its coordinator alone) at moments spread over the run,
and started again; what an undisturbed run found is compared record for record, all but seconds.

``plan``: a pilot of 200 problems plans runs of three sizes, which are then made, with a second for
each question: of 3,000 records three take 7 seconds each, two fifths of all the time there is, and
whether a pilot has met one of them is chance.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from neurosym.runs.inputs import items
from neurosym.runs.items import Item
from neurosym.runs.problems import ProblemRecord, problem_of
from provers.base import AnyProblem, Limits
from provers.errors import InputError
from provers.z3 import Z3Prover

RECORDS = 10_000
WORKERS = 2
ROUNDS = 3
KILLED_RECORDS = 2_000
KILLS = 10
SIZES = (500, 2_000, 8_000)
PILOT = 200
TIMEOUT = "1"
SOURCES = (
    "bench/folio_v2_train.jsonl",
    "recorded/linc_gpt4_folio_8shot.jsonl",
    "recorded/linc_gpt4_proofwriter_8shot.jsonl",
)
_TIMES = frozenset({"seconds", "prover_seconds"})


def run(data: Path, limit: int | None) -> dict[str, Any]:
    number = limit or RECORDS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        pool = list(records(data))
        file = folder / "records.jsonl"
        write(file, pool, number)
        return {
            "distinct_records": len(pool),
            "overhead": _overhead(file, folder, number),
            "kills": _kills(pool, folder, min(KILLED_RECORDS, number)),
            "plan": _plan(pool, folder, [size for size in SIZES if size <= number]),
        }


def records(data: Path) -> Iterator[ProblemRecord]:
    """First-order problems of the sources, mixed, each once."""
    found: list[ProblemRecord] = []
    seen: set[tuple[Any, ...]] = set()
    for source in SOURCES:
        for item in items([str(data / source)]):
            for record in _formal(item):
                key = (record.notation, tuple(record.premises), record.goal)
                if key not in seen:
                    seen.add(key)
                    found.append(record)
    random.Random(0).shuffle(found)
    yield from found


def _formal(item: Item) -> Iterator[ProblemRecord]:
    """The item's problems in formulas, as far as they can be read."""
    from neurosym.runs.items import Recorded

    given = [item.formal, item.payload]
    if isinstance(item.payload, Recorded):
        given += item.payload.samples
    for one in given:
        if isinstance(one, ProblemRecord) and one.language == "fol":
            try:
                problem_of(one)
            except InputError:
                continue
            yield one


def write(file: Path, pool: list[ProblemRecord], number: int) -> None:
    """A file of so many records, each with an id of its own."""
    with file.open("w", encoding="utf-8") as stream:
        for place, record in enumerate(itertools.islice(itertools.cycle(pool), number)):
            data = {**record.model_dump(exclude_defaults=True), "id": f"r{place}"}
            stream.write(json.dumps({"language": "fol", **data}) + "\n")


def command(file: Path, out: Path, *more: str) -> list[str]:
    """The command that is measured."""
    words = ["batch", "run", str(file), "--out", str(out), "--prover", "z3", "--quiet"]
    return [sys.executable, "-m", "neurosym.cli", *words, "--workers", str(WORKERS), *more]


# --- overhead --------------------------------------------------------------------------------


def _overhead(file: Path, folder: Path, number: int) -> dict[str, Any]:
    bare, whole, own = [], [], []
    for turn in range(ROUNDS):
        bare.append(_bare(file))
        out = folder / f"overhead{turn}"
        start = time.perf_counter()
        subprocess.run(command(file, out), check=True, stdout=subprocess.DEVNULL)
        whole.append(time.perf_counter() - start)
        results = [json.loads(line) for line in (out / "results.jsonl").open(encoding="utf-8")]
        assert len(results) == number
        own.append(sum(result["prover_seconds"] for result in results) / WORKERS)
    ratio = statistics.median(whole) / statistics.median(bare)
    return {
        "records": number,
        "workers": WORKERS,
        "bare_seconds": [round(one, 2) for one in bare],
        "batch_seconds": [round(one, 2) for one in whole],
        "provers_seconds_within": [round(one, 2) for one in own],
        "overhead_percent": round(100 * (ratio - 1), 2),
        "overhead_over_provers_within_percent": round(
            100 * (statistics.median(w / o for w, o in zip(whole, own, strict=True)) - 1), 2
        ),
        "records_a_second": round(number / statistics.median(whole), 1),
    }


def _bare(file: Path) -> float:
    """The seconds that two processes need to ask the prover everything, and nothing else.

    On average: one may have harder questions than the other, which a run would even out.
    """
    context = multiprocessing.get_context("spawn")
    ready, went = context.Barrier(WORKERS), context.SimpleQueue()
    processes = [
        context.Process(target=_ask, args=(str(file), part, ready, went)) for part in range(WORKERS)
    ]
    for process in processes:
        process.start()
    seconds = [went.get() for _ in processes]
    for process in processes:
        process.join()
    return sum(seconds) / WORKERS


def _ask(file: str, part: int, ready: Any, went: Any) -> None:
    problems: list[AnyProblem] = [
        problem_of(item.payload)
        for item in itertools.islice(items([file]), part, None, WORKERS)
        if isinstance(item.payload, ProblemRecord)
    ]
    prover = Z3Prover()
    prover.prove(problems[0], Limits())
    ready.wait()
    start = time.perf_counter()
    for problem in problems:
        prover.prove(problem, Limits())
    went.put(time.perf_counter() - start)
    prover.close()


# --- kills -----------------------------------------------------------------------------------


def _kills(pool: list[ProblemRecord], folder: Path, number: int) -> dict[str, Any]:
    file = folder / "killed.jsonl"
    write(file, pool, number)
    undisturbed = folder / "undisturbed"
    start = time.perf_counter()
    subprocess.run(command(file, undisturbed), check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    killed = folder / "killed"
    kills, beginnings = 0, 0
    draw = random.Random(1)
    at: list[int] = []
    while True:
        beginnings += 1
        process = subprocess.Popen(command(file, killed), stdout=subprocess.DEVNULL)
        if kills < KILLS:
            wait = draw.uniform(0.5, 1.5) * seconds / KILLS
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                at.append(_finished(killed))
                continue
        assert process.wait() == 0
        if kills >= KILLS:
            break
        # It was through before it was killed often enough: the rest of the kills meet a new run.
        raise RuntimeError(f"the run ended after {kills} kills: give it more records")
    one, other = _results(undisturbed), _results(killed)
    return {
        "records": number,
        "kills": kills,
        "finished_at_each_kill": at,
        "lost": len(one.keys() - other.keys()),
        "more": len(other.keys() - one.keys()),
        "different": sum(one[id] != other[id] for id in one.keys() & other.keys()),
        "seconds_undisturbed": round(seconds, 1),
    }


def _finished(out: Path) -> int:
    words = ["batch", "status", str(out), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "neurosym.cli", *words], capture_output=True, text=True, check=False
    )
    return int(json.loads(done.stdout)["done"]) if done.returncode == 0 else 0


def _results(out: Path) -> dict[str, Any]:
    """The results by id, without what a clock said."""
    lines = (out / "results.jsonl").open(encoding="utf-8")
    return {record["id"]: timeless(record) for record in map(json.loads, lines)}


def timeless(value: Any) -> Any:
    """The value without what a clock said."""
    match value:
        case {"kind": "attempts"}:  # what was tried, with what came of it, and seconds
            return [tried[:2] for tried in value["tried"]]
        case dict():
            return {name: timeless(one) for name, one in value.items() if name not in _TIMES}
        case list():
            return [timeless(one) for one in value]
        case _:
            return value


# --- plan ------------------------------------------------------------------------------------


def _plan(pool: list[ProblemRecord], folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    found = []
    for size in sizes:
        file = folder / f"plan{size}.jsonl"
        write(file, pool, size)
        words = ["batch", "plan", str(file), "--prover", "z3", "--workers", str(WORKERS)]
        words += ["--pilot", str(PILOT), "--timeout", TIMEOUT, "--json"]
        planned = subprocess.run(
            [sys.executable, "-m", "neurosym.cli", *words],
            capture_output=True,
            text=True,
            check=True,
        )
        plan = json.loads(planned.stdout)["plan"]
        out = folder / f"planned{size}"
        start = time.perf_counter()
        timed = command(file, out, "--timeout", TIMEOUT)
        subprocess.run(timed, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        disk = sum(one.stat().st_size for one in out.iterdir()) / 1e9
        found.append(
            {
                "records": size,
                "planned_seconds": round(plan["seconds"], 2),
                "planned_interval": [round(plan["low"], 2), round(plan["high"], 2)],
                "seconds": round(seconds, 2),
                "off_percent": round(100 * (plan["seconds"] / seconds - 1), 1),
                "planned_gigabytes": round(plan["gigabytes_on_disk"], 4),
                "gigabytes": round(disk, 4),
            }
        )
    return found
