"""``neurosym batch report``, ``diff`` and ``export``: what runs tell, finished or not."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from neurosym.cli import FOUND, OK, streams
from provers.errors import InputError, MissingToolError

if TYPE_CHECKING:
    from neurosym.runs.batch.diff import Change, Changes, Difference, Names, Side

_SHOWN: Final = 20


class Opened(StrEnum):
    """Whether a report is opened in the browser."""

    YES = "yes"
    NO = "no"


class Form(StrEnum):
    """What an export is written in."""

    JSONL = "jsonl"
    PARQUET = "parquet"


class Samples(StrEnum):
    """Which attempts an export holds."""

    ALL = "all"
    CHOSEN = "chosen"


AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document on standard output, nothing else.")
]
Run = Annotated[str, typer.Argument(metavar="RUN", help="The run's folder.")]


def _check() -> None:
    """Raises MissingToolError without what runs are kept in."""
    if any(find_spec(name) is None for name in ("alembic", "sqlalchemy")):
        raise MissingToolError("batches are not installed: pip install 'neurosym[batch]'.")


# --- report ------------------------------------------------------------------------------------


def report(run: str, out: str | None, opened: bool, as_json: bool) -> int:
    """Write the report of a run, and say where it is.

    Raises InputError where the folder holds no run or the report cannot be written.
    """
    _check()
    from neurosym.runs.batch.folder import RunFolder
    from neurosym.runs.batch.summary import summarise, write_summary

    folder = RunFolder(run)
    summary = summarise(folder)
    if as_json:
        # The figures need no plots, and are not for a folder unless one is named.
        if out is not None:
            _write(summary, Path(out))
        streams.print_json(write_summary(summary), pretty=True)
        return OK
    page, text = _write(summary, folder.path / "report" if out is None else Path(out))
    for line in (
        f"{summary.run.finished:,} of {summary.run.records:,} problems are finished",
        f"report in {page} and {text}",
    ):
        streams.print_line(streams.shown(line, 2000))
    if opened and not typer.launch(str(page)) == 0:
        raise MissingToolError(f"no browser could be started: open {page} yourself.")
    return OK


def _write(summary: Any, folder: Path) -> tuple[Path, Path]:
    from neurosym.runs.batch.reports.files import write_report

    return write_report(summary, folder)


def report_command(
    run: Run,
    out: Annotated[
        str | None, typer.Option("--out", help="The report's folder; default: RUN/report.")
    ] = None,
    opened: Annotated[
        Opened, typer.Option("--open", help="Show the page in the browser.")
    ] = Opened.NO,
    as_json: AsJson = False,
) -> int:
    """Write a report of a run, finished or not: HTML, and Markdown with its plots.

    With --json, the figures are printed, and a report is only written where --out says so.

    Example: neurosym batch report run1
    """
    return report(run, out, opened is Opened.YES, as_json)


# --- diff --------------------------------------------------------------------------------------

_SAID: Final = {
    "contradiction": "decided by both, differently",
    "unsolved": "no longer solved",
    "undecided": "no longer decided",
    "failing": "now a tool breaks",
    "wrong": "the answer is no longer right",
    "solved": "now solved",
    "decided": "now decided",
    "working": "a tool broke before",
    "right": "the answer is now right",
    "other": "changed, neither better nor worse",
}


def diff(first: str, second: str, most: int | None, as_json: bool) -> int:
    """Say how the second run differs from the first; exit status 1 where anything got worse.

    Raises InputError where a folder holds no run.
    """
    _check()
    from neurosym.runs.batch.diff import MOST_SHOWN, compare, write_difference
    from neurosym.runs.batch.folder import RunFolder

    shown = (MOST_SHOWN if as_json else _SHOWN) if most is None else most
    difference = compare(RunFolder(first), RunFolder(second), shown)
    if as_json:
        streams.print_json(write_difference(difference), pretty=True)
    else:
        console = streams.console()
        for line in _lines(difference):
            console.print(streams.shown(line, 2000), soft_wrap=True, markup=False)
    return FOUND if difference.worse else OK


def _lines(found: Difference) -> Iterator[str]:
    yield f"{found.first} -> {found.second}: {found.same_problems:,} problems in both"
    yield f"worse: {found.worse:,}"
    for changes in found.regressions:
        yield from _changes(changes)
    yield f"better: {found.better:,}"
    for changes in found.improvements:
        yield from _changes(changes)
    yield from _changes(found.others)
    yield f"unchanged: {found.unchanged:,}"
    yield from _names("with other content, so not compared", found.content)
    yield from _names(f"only in {found.first}", found.only_first)
    yield from _names(f"only in {found.second}", found.only_second)
    setting = found.setting
    for name, left in ((found.first, setting.first_left), (found.second, setting.second_left)):
        if left:
            yield f"{name} is incomplete: {left:,} of its problems are not finished"
    yield from _speed(found)
    for what, differing in (
        ("configuration", setting.configuration),
        ("version", setting.versions),
        ("input", setting.inputs),
    ):
        for key, (before, after) in differing.items():
            yield f"{what} {key}: {_value(before)} -> {_value(after)}"


def _changes(changes: Changes) -> Iterator[str]:
    if not changes.number:
        return
    yield f"  {_SAID[changes.kind]}: {changes.number:,}"
    for change in changes.shown:
        yield f"    {_short(change.id, 80)}: {_change(change)}"
    yield from _more(changes.number - len(changes.shown))


def _change(change: Change) -> str:
    first, second = _side(change.first), _side(change.second)
    if first == second:  # solved by another attempt than the one that was chosen
        first += ", solved" * change.first.solved
        second += ", solved" * change.second.solved
    return f"{first} -> {second}"


def _side(side: Side) -> str:
    reason = f" ({_short(side.reason)})" if side.reason else ""
    answer = f", answer {_short(side.answer)}" if side.answer is not None else ""
    return f"{side.outcome}{reason}{answer}"


def _names(what: str, names: Names) -> Iterator[str]:
    if not names.number:
        return
    yield f"{what}: {names.number:,}"
    for id in names.shown:
        yield f"    {_short(id, 80)}"
    yield from _more(names.number - len(names.shown))


def _more(number: int) -> Iterable[str]:
    return [f"    and {number:,} more"] if number else []


def _speed(found: Difference) -> Iterator[str]:
    speed = found.speed
    if speed.ratio is not None:
        typical = "" if speed.typical is None else f"; {speed.typical:.2f} times for a typical one"
        yield (
            f"time: {speed.first:,.1f} s -> {speed.second:,.1f} s, "
            f"{speed.ratio:.2f} times as long{typical}"
        )
    if speed.first_tokens or speed.second_tokens:
        yield f"tokens: {speed.first_tokens:,} -> {speed.second_tokens:,}"


def _value(value: Any) -> str:
    return "none" if value is None else _short(str(value), 80) or "(empty)"


def _short(text: str, limit: int = 40) -> str:
    text = " ".join(text[:2000].split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def diff_command(
    first: Annotated[str, typer.Argument(metavar="RUN1", help="The run from before.")],
    second: Annotated[str, typer.Argument(metavar="RUN2", help="The run from after.")],
    most: Annotated[
        int | None,
        typer.Option(
            "--most", min=0, help="Problems shown of each kind of change; default: 20, 100 in JSON."
        ),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Compare two runs problem by problem, regressions first.

    Exit status 1 where a problem got worse.

    Example: neurosym batch diff run1 run2
    """
    return diff(first, second, most, as_json)


# --- export ------------------------------------------------------------------------------------


def export(run: str, form: Form, out: str, samples: Samples, force: bool) -> int:
    """Write the attempts of a run to a file, or lines to standard output for ``-``.

    Raises InputError where the folder holds no run, or the file is there or cannot be written.
    """
    _check()
    from neurosym.runs.batch import export as exports
    from neurosym.runs.batch.folder import RunFolder

    folder = RunFolder(run)
    if out == "-":
        if form is not Form.JSONL:
            raise InputError("Parquet is not for standard output: give a file with --out.")
        with _buffered() as write:
            exports.print_records(folder, samples.value, write)
        return OK
    number = exports.export(folder, Path(out), form.value, samples.value, overwrite=force)
    streams.print_line(streams.shown(f"{number:,} records in {out}", 2000))
    return OK


@contextlib.contextmanager
def _buffered() -> Iterator[Any]:
    """Lines to standard output without a system call for each. Raises ClosedOutputError."""

    def write(line: str) -> None:
        sys.stdout.write(line.encode("utf-8", "replace").decode() + "\n")

    try:
        yield write
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise streams.ClosedOutputError from error
    except OSError as error:
        # What is left in the buffer would be complained of once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise InputError(f"standard output cannot be written: {error.strerror}.") from error


def export_command(
    run: Run,
    out: Annotated[str, typer.Option("--out", help="The file; '-' is standard output.")],
    form: Annotated[Form, typer.Option("--to", help="What it is written in.")] = Form.JSONL,
    samples: Annotated[
        Samples, typer.Option("--samples", help="All attempts, or the chosen one of each problem.")
    ] = Samples.ALL,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file, where it is there already.")
    ] = False,
) -> int:
    """Write the attempts at all finished problems to one file, in the inputs' order.

    Example: neurosym batch export run1 --to parquet --out run1.parquet
    """
    return export(run, form, out, samples, force)
