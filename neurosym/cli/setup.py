"""``neurosym setup lean``: have a Lean, or say what is in the way."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.cli import OK, streams
from provers.lean import checkers, embedded, toolchain

if TYPE_CHECKING:
    from provers.lean.embedded import Progress
    from provers.lean.toolchain import Toolchain

_STAGES = {
    "wait": "Waiting for another set-up",
    "download": "Downloading Lean",
    "verify": "Verifying the download",
    "unpack": "Unpacking",
    "rewrite": "Preparing",
    "try": "Starting Lean once",
    "compile": "Compiling the checker",
}


def lean(*, offline: bool, check: bool, as_json: bool) -> int:
    """Set Lean up, or with ``check`` only examine what is there; the status is 0 or an error."""
    if check:
        found = toolchain.find(Path.cwd())
        if found is None or found.kind == "embedded":
            if os.environ.get(toolchain.VARIABLE) != "native":
                embedded.check()
            found = toolchain.ensure(project=Path.cwd(), offline=True)
    else:
        with progress() as tell:
            found = checkers.set_up(project=Path.cwd(), offline=offline, progress=tell)
    _print(found, as_json)
    return OK


def ensure() -> None:
    """Set Lean up if there is none, with a bar.

    Raises MissingToolError or BrokenToolError if that fails.
    """
    if toolchain.find() is None:
        with progress() as tell:
            checkers.set_up(progress=tell)


@contextlib.contextmanager
def progress() -> Iterator[Progress | None]:
    """A progress bar on standard error for a set-up, on a terminal only; yields what moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bytes_column = DownloadColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Looking for Lean", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            known = _STAGES.get(stage, stage)
            bar.update(task, description=known, completed=done, total=total or None)
            wanted = (*columns, bytes_column) if total > 1_000_000 else columns
            bar.columns = wanted

        yield tell


def _print(found: Toolchain, as_json: bool) -> None:
    if as_json:
        streams.print_json(
            {
                "kind": found.kind,
                "version": found.version,
                "root": str(found.root),
                "program": str(found.program),
            },
            pretty=True,
        )
    else:
        streams.print_line(f"Lean {found.version} ({found.kind}) is ready in {found.root}.")
