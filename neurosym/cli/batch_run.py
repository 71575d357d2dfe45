"""``neurosym batch run`` and ``status``."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from neurosym.cli import FOUND, INTERRUPTED, OK, TOOL, complain, streams
from neurosym.settings import MEGABYTE, cores
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.runs.batch.base import Configuration, Executor
    from neurosym.runs.batch.coordinator import Progress, Tell
    from neurosym.runs.batch.folder import RunFolder

_PLAIN_SECONDS: Final = 10.0
_WRITE_SECONDS: Final = 2.0
# What the system and the workers themselves need beside the provers.
_SHARE: Final = 0.8


class Search(StrEnum):
    """How a bare Lean statement is proved."""

    PORTFOLIO = "portfolio"
    WHOLE = "whole"
    BEST_FIRST = "best-first"


class Executors(StrEnum):
    """Where attempts are made."""

    LOCAL = "local"
    RAY = "ray"


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


def run(options: Options, configuration: Configuration) -> int:
    """Begin a run, or go on with one, and say what came of it.

    Exit status 0 when every problem is finished, 1 where records cannot be read, problems were
    given up or a budget ended the run before that, 3 where a tool failed.
    """
    from neurosym.runs.batch.coordinator import Coordinator
    from neurosym.runs.batch.folder import RunFolder
    from neurosym.runs.batch.results import write_results
    from neurosym.runs.batch.work import Worker
    from neurosym.runs.inputs import items

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
        manifest = folder.begin(
            options.inputs, configuration, other_versions=options.other_versions
        )
        ledger = folder.ledger()
        stack.callback(ledger.close)
        executor = _executor(options, configuration)
        stack.callback(executor.close)
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


def _executor(options: Options, configuration: Configuration) -> Executor:
    if options.executor == "ray" or options.address is not None:
        from neurosym.runs.batch.executors.ray import RayExecutor

        return RayExecutor(configuration, address=options.address, workers=options.workers)
    from neurosym.runs.batch.executors.local import LocalExecutor

    megabytes = options.megabytes or int(_SHARE * _memory())
    most = max(1, megabytes // configuration.megabytes)
    workers = options.workers or min(cores(), most)
    return LocalExecutor(configuration, workers=workers, megabytes=megabytes)


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


# --- on the command line -----------------------------------------------------------------------


def run_command(
    inputs: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[INPUT]...",
            help="Files and folders; none to go on with the run in --out as it was begun.",
        ),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", help="The run's folder; made where there is none.")
    ] = "",
    prover: Annotated[
        str, typer.Option("--prover", help="z3, cvc5, eprover, vampire or portfolio.")
    ] = "portfolio",
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.01, max=86400, help="Seconds for each question.")
    ] = 10.0,
    memory: Annotated[
        int, typer.Option("--memory", min=256, help="Megabytes for each prover process.")
    ] = 2048,
    samples: Annotated[
        int, typer.Option("--samples", "-k", min=1, max=1000, help="Attempts at each problem.")
    ] = 1,
    early_stop: Annotated[
        bool,
        typer.Option("--early-stop/--all-samples", help="Stop at the first attempt that succeeds."),
    ] = True,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the first attempt.")] = 0,
    problem_seconds: Annotated[
        float | None,
        typer.Option("--problem-seconds", min=0.01, help="For all attempts at one problem."),
    ] = None,
    problem_tokens: Annotated[
        int | None,
        typer.Option("--problem-tokens", min=1, help="Generated for one problem at most."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0.01, help="For the run, from now on.")
    ] = None,
    tokens: Annotated[
        int | None, typer.Option("--tokens", min=1, help="Generated in the whole run at most.")
    ] = None,
    model: Annotated[
        str,
        typer.Option("--model", help="Translates and suggests; as for 'verify'. None by default."),
    ] = "",
    temperature: Annotated[
        float, typer.Option("--temperature", min=0.0, max=2.0, help="Of what the model writes.")
    ] = 0.7,
    votes: Annotated[
        int, typer.Option("--votes", min=1, max=100, help="Translations drawn for each sentence.")
    ] = 1,
    rounds: Annotated[
        int, typer.Option("--rounds", min=0, max=10, help="How often a complaint goes back.")
    ] = 2,
    search: Annotated[
        Search, typer.Option("--search", help="How a bare Lean statement is proved.")
    ] = Search.PORTFOLIO,
    negate: Annotated[
        bool, typer.Option("--negate/--no-negate", help="Try to refute Lean statements, too.")
    ] = True,
    mend: Annotated[
        bool, typer.Option("--mend/--as-written", help="Mend slips of recorded programs.")
    ] = True,
    executor: Annotated[
        Executors, typer.Option("--executor", help="Processes here, or a Ray cluster.")
    ] = Executors.LOCAL,
    address: Annotated[
        str | None,
        typer.Option("--address", help="A running Ray cluster; without it, one for this run."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Attempts at once; default: the cores.")
    ] = None,
    run_memory: Annotated[
        int | None,
        typer.Option("--run-memory", min=256, help="Megabytes for all provers of the run."),
    ] = None,
    other_versions: Annotated[
        bool, typer.Option("--other-versions", help="Go on under other versions of the tools.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing until the end.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, nothing else.")
    ] = False,
) -> int:
    """Attempt every problem of the inputs; kill it at any time, and run it again to go on.

    Exit status 1 where records cannot be read, problems were given up or a budget ended the run.

    Example: neurosym batch run problems.jsonl --out run1
    """
    from neurosym.runs.batch.base import Configuration

    if not out:
        raise InputError("give the run a folder: --out RUN.")
    configuration = Configuration(
        prover=prover,
        seconds=timeout,
        megabytes=memory,
        samples=samples,
        early_stop=early_stop,
        seed=seed,
        problem_seconds=problem_seconds,
        problem_tokens=problem_tokens,
        model=model,
        temperature=temperature,
        votes=votes,
        rounds=rounds,
        search=search.value,
        negate=negate,
        mend=mend,
    )
    options = Options(
        inputs=tuple(inputs or ()),
        out=out,
        executor=executor.value,
        address=address,
        workers=workers,
        megabytes=run_memory,
        seconds=seconds,
        tokens=tokens,
        other_versions=other_versions,
        quiet=quiet,
        as_json=as_json,
    )
    return run(options, configuration)


def status_command(
    out: Annotated[str, typer.Argument(metavar="RUN", help="The run's folder.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document, nothing else.")
    ] = False,
) -> int:
    """Say how far a run is, whether it is at work or not.

    Example: neurosym batch status run1
    """
    return status(out, as_json)
