"""A project that is checked again whenever one of its files is saved."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from neurosym.project.scan import Scan, scan
from provers.lean import build, lake
from provers.lean.lake import Layout
from provers.lean.toolchain import Toolchain
from provers.lean.workbench import Workbench

POLL_SECONDS: Final = 0.5

Stamp = dict[Path, tuple[int, int]]
"""Each file's size and time of change, by which a new content is told."""


def watch(
    toolchain: Toolchain,
    place: Path,
    *,
    workers: int = 1,
    stop: Callable[[], bool] = lambda: False,
    poll: float = POLL_SECONDS,
) -> Iterator[Scan]:
    """What is in a project: now, and after each change, until ``stop`` says so.

    Its Leans stay warm in between. Raises InputError where there is no project any more, and
    BrokenToolError where Lean does not work.
    """
    benches: list[Workbench] = []
    try:
        while not stop():
            layout = lake.find(place)
            seen = stamp(layout)
            built = build.build(toolchain, layout, workers=workers, benches=benches)
            yield scan(built)
            while not stop() and stamp(layout) == seen:
                time.sleep(poll)
    finally:
        for bench in benches:
            bench.remove()


def stamp(layout: Layout) -> Stamp:
    """What tells whether a file of a project has changed."""
    found: Stamp = {}
    for file in (layout.lakefile, *layout.modules().values()):
        try:
            facts = file.stat()
        except OSError:  # it went away just now
            continue
        found[file] = (facts.st_size, facts.st_mtime_ns)
    return found
