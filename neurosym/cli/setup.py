"""``neurosym setup``: have a Lean or a model, or say what is in the way."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
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
_MODEL_STAGES = {
    "wait": "Waiting for another set-up",
    "hub": "Downloading the model from the hub",
    "download": "Downloading the model",
    "verify": "Verifying the download",
    "join": "Putting it together",
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


def model(*, offline: bool, check: bool, as_json: bool) -> int:
    """Fetch the default model, or with ``check`` only examine it; the status is 0 or an error."""
    from neurosym.llm import download

    if check:
        download.check()
        path = download.location()
    else:
        with progress("Looking for the model", _MODEL_STAGES) as tell:
            path = download.ensure(tell, offline)
    if as_json:
        facts = {"file": str(path), "bytes": path.stat().st_size, "sha256": download.SOURCE.sha256}
        streams.print_json(facts, pretty=True)
    else:
        streams.print_line(f"The default model is ready in {path}.")
    return OK


def ensure() -> None:
    """Set Lean up if there is none, with a bar.

    Raises MissingToolError or BrokenToolError if that fails.
    """
    if toolchain.find() is None:
        with progress() as tell:
            checkers.set_up(progress=tell)


@contextlib.contextmanager
def progress(
    first: str = "Looking for Lean", stages: Mapping[str, str] = _STAGES
) -> Iterator[Progress | None]:
    """A progress bar on standard error for a set-up, on a terminal only; yields what moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bytes_column = DownloadColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(first, total=None)

        def tell(stage: str, done: int, total: int) -> None:
            known = stages.get(stage, stage)
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
