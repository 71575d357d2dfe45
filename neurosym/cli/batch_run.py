"""``neurosym batch run`` and ``status``."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, streams
from neurosym.settings import MEGABYTE, cores
from provers.errors import InputError, MissingToolError

if TYPE_CHECKING:
    from neurosym.runs.batch.base import Configuration, Executor
    from neurosym.runs.batch.coordinator import Progress, Tell
    from neurosym.runs.batch.folder import RunFolder

_PLAIN_SECONDS: Final = 10.0
_WRITE_SECONDS: Final = 2.0
# What the system and the workers themselves need beside the provers.
_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line, beside what decides the results."""

    inputs: tuple[str, ...]
    out: str
    executor: str = "local"
    address: str | None = None
    workers: int | None = None
    megabytes: int | None = None
    seconds: float | None = None
    tokens: int | None = None
    other_versions: bool = False
    quiet: bool = False
    as_json: bool = False


def require() -> None:
    """Raises MissingToolError where what keeps runs is not installed."""
    if any(find_spec(name) is None for name in ("alembic", "sqlalchemy")):
        raise MissingToolError("what keeps runs is not installed: pip install 'neurosym[batch]'.")


def run(options: Options, configuration: Configuration) -> int:
    """Begin a run, or go on with one, and say what came of it.

    Exit status 0 when every problem is finished, 1 where records cannot be read, problems were
    given up or a budget ended the run before that, 3 where a tool failed.
    """
    require()
    from neurosym.runs.batch.collecting import collect_seldom
    from neurosym.runs.batch.coordinator import Coordinator
    from neurosym.runs.batch.folder import RunFolder
    from neurosym.runs.batch.results import write_results
    from neurosym.runs.batch.work import Worker
    from neurosym.runs.inputs import items

    collect_seldom()
    folder = RunFolder(options.out)
    if not options.inputs and not folder.begun:
        raise InputError("no input: give files or folders, or the folder of a run to go on with.")
    if not options.inputs:
        configuration = folder.manifest().configuration
    prepared = Worker(configuration)
    try:
        prepared.prepare()
    finally:
        prepared.close()
    with folder.held(), contextlib.ExitStack() as stack:
        executor = executor_of(options, configuration)
        stack.callback(executor.close)
        manifest = folder.begin(
            options.inputs, configuration, other_versions=options.other_versions
        )
        ledger = folder.ledger()
        stack.callback(ledger.close)
        told = stack.enter_context(_telling(options, folder, executor))
        coordinator = Coordinator(
            items(manifest.inputs),
            manifest.records,
            configuration,
            ledger,
            executor,
            told,
            seconds=options.seconds,
            tokens=options.tokens,
        )
        state = "interrupted"
        try:
            end = coordinator.run()
            state = "done" if end == "done" else f"out of {end}"
            if end == "done":
                write_results(ledger, folder)
        except KeyboardInterrupt:
            complain(
                f"interrupted after {coordinator.progress.done:,} of {manifest.records:,} "
                "problems; run the same command to go on."
            )
            return INTERRUPTED
        finally:
            with contextlib.suppress(OSError):
                _write(folder, coordinator.progress, executor, state)
    return _ended(options, coordinator.progress, state)


def executor_of(options: Options, configuration: Configuration) -> Executor:
    if options.executor == "ray" or options.address is not None:
        from neurosym.runs.batch.executors.ray import RayExecutor

        return RayExecutor(configuration, address=options.address, workers=options.workers)
    from neurosym.runs.batch.executors.local import LocalExecutor

    megabytes = options.megabytes or int(_SHARE * _memory())
    most = max(1, megabytes // configuration.megabytes)
    workers = options.workers or min(cores(), most)
    executor = LocalExecutor(configuration, workers=workers, megabytes=megabytes)
    executor.warm()
    return executor


def _memory() -> int:
    """The machine's memory in megabytes."""
    return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / MEGABYTE)


# --- telling ---------------------------------------------------------------------------------


@contextlib.contextmanager
def _telling(options: Options, folder: RunFolder, executor: Executor) -> Iterator[Tell]:
    """Tell whoever looks how far the run is: a bar on a terminal, lines elsewhere, and the file."""
    written = 0.0

    def keep(progress: Progress) -> None:
        nonlocal written
        if time.monotonic() - written >= _WRITE_SECONDS:
            written = time.monotonic()
            _write(folder, progress, executor, "running")

    if options.quiet:
        yield keep
        return
    from rich.console import Console

    console = Console(stderr=True)
    with _bar(console) if console.is_terminal else _lines(console) as show:

        def tell(progress: Progress) -> None:
            keep(progress)
            show(progress)

        yield tell


@contextlib.contextmanager
def _bar(console: Any) -> Iterator[Tell]:
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    words = "{task.completed:,.0f}/{task.total:,.0f}"
    columns = (BarColumn(None), TextColumn(words), TextColumn("{task.fields[said]}"))
    with Bar(*columns, console=console, transient=True) as bar:
        number = bar.add_task("", total=None, said="")

        def show(progress: Progress) -> None:
            bar.update(number, completed=progress.done, total=progress.total, said=_said(progress))

        yield show


@contextlib.contextmanager
def _lines(console: Any) -> Iterator[Tell]:
    """A line every ten seconds, and one at the end."""
    told = time.monotonic()
    last: Progress | None = None

    def line(progress: Progress) -> None:
        text = f"{progress.done:,} of {progress.total:,}, {_said(progress)}"
        console.print(text, soft_wrap=True, highlight=False, markup=False)

    def show(progress: Progress) -> None:
        nonlocal told, last
        last = progress
        if time.monotonic() - told >= _PLAIN_SECONDS:
            told = time.monotonic()
            line(progress)

    yield show
    if last is not None:
        line(last)


def _said(progress: Progress) -> str:
    left = progress.left_seconds
    parts = [
        f"{progress.rate:,.1f} a second",
        f"{progress.solved:,} solved",
        f"{progress.flying} running",
    ]
    if progress.tokens:
        parts.append(f"{progress.tokens:,} tokens")
    if left is not None and progress.done < progress.total:
        parts.append(f"{duration(left)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """A duration as people say it: 42 s, 3 min 20 s, 5 h 2 min, 12 days 3 h."""
    whole = round(seconds)
    for size, name, part, smaller in (
        (86_400, "days", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            many, rest = divmod(whole, size)
            return f"{many:,} {name}" + (f" {rest // part} {smaller}" if rest // part else "")
    return f"{whole} s"


def _write(folder: RunFolder, progress: Progress, executor: Executor, state: str) -> None:
    import json

    from neurosym.runs.batch.folder import PROGRESS

    folder.write(PROGRESS, json.dumps(written(progress, state, executor.describe())))


def written(progress: Progress, state: str, workers: dict[str, Any]) -> dict[str, Any]:
    """The progress as JSON."""
    left = progress.left_seconds
    return {
        "state": state,
        "total": progress.total,
        "done": progress.done,
        "solved": progress.solved,
        "running": progress.flying,
        "attempts": progress.attempts,
        "tokens": progress.tokens,
        "rate": round(progress.rate, 4),
        "left_seconds": None if left is None else round(left, 1),
        "seconds": round(progress.seconds, 3),
        "outcomes": dict(progress.outcomes.most_common()),
        "given_up": progress.given_up,
        "pid": os.getpid(),
        "workers": workers,
    }


# --- at the end, and meanwhile -----------------------------------------------------------------


def _ended(options: Options, progress: Progress, state: str) -> int:
    if options.as_json:
        streams.print_json(written(progress, state, {}) | {"run": options.out}, pretty=True)
    else:
        console = streams.console()
        for line in _summary(progress.done, progress.total, progress.outcomes):
            console.print(line, soft_wrap=True, markup=False)
        if progress.given_up:
            names = ", ".join(streams.shown(id, 60) for id in progress.given_up)
            console.print(f"given up: {names}", soft_wrap=True, markup=False)
        if state != "done":
            console.print(f"{state}; run the same command to go on.", soft_wrap=True)
        else:
            console.print(f"results in {options.out}", soft_wrap=True, markup=False)
    if progress.outcomes["failed"]:
        return TOOL
    bad = progress.outcomes["ill_formed"] or progress.given_up or state != "done"
    return FOUND if bad else OK


def _summary(done: int, total: int, outcomes: Any) -> Iterator[str]:
    yield f"{done:,} of {total:,} problems"
    for outcome, count in outcomes.most_common():
        yield f"  {outcome}: {count:,}"


def status(out: str, as_json: bool) -> int:
    """Say how far the run in a folder is. Raises InputError where it holds none."""
    require()
    from collections import Counter

    from neurosym.runs.batch.folder import RunFolder

    folder = RunFolder(out)
    manifest = folder.manifest()
    ledger = folder.ledger()
    try:
        totals = ledger.totals()
        attempts, tokens = ledger.spent()
    finally:
        ledger.close()
    said = folder.progress()
    running = folder.running
    outcomes = Counter({row.outcome: row.number for row in totals})
    done = outcomes.total()
    solved = sum(row.solved for row in totals)
    state = "running" if running else "done" if done == manifest.records else "stopped"
    rate = said.get("rate") if running else None
    left = (manifest.records - done) / rate if rate else None
    if as_json:
        streams.print_json(
            {
                "run": out,
                "state": state,
                "total": manifest.records,
                "done": done,
                "solved": solved,
                "attempts": attempts,
                "tokens": tokens,
                "rate": rate,
                "left_seconds": None if left is None else round(left, 1),
                "outcomes": dict(outcomes.most_common()),
                "workers": said.get("workers", {}) if running else {},
            },
            pretty=True,
        )
        return OK
    console = streams.console()
    console.print(f"{out}: {state}", soft_wrap=True, markup=False)
    for line in _summary(done, manifest.records, outcomes):
        console.print(line, soft_wrap=True, markup=False)
    console.print(f"solved: {solved:,}; attempts: {attempts:,}; tokens: {tokens:,}")
    if running and rate:
        console.print(f"{rate:,.1f} a second, {said.get('running', 0)} running")
    if left is not None:
        console.print(f"about {duration(left)} left")
    return OK
