"""A corpus of all that the embedded toolchain declares, and Lean's own count of it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from benchmarks import premises_work as work
from neurosym.premises.build import Request, build
from provers.lean import toolchain


def run(data: Path, limit: int | None) -> work.Figures:
    """Build it twice: from nothing, and with everything there."""
    place = work.folder() / "corpus-anew"
    shutil.rmtree(place, ignore_errors=True)
    header = work.HEADER if limit is None else ("Init.Core",)
    request = Request(toolchain.ensure(), header, workers=work.WORKERS)
    start = time.monotonic()
    made = build(request, place)
    seconds = time.monotonic() - start
    start = time.monotonic()
    again = build(request, place)
    seconds_again = time.monotonic() - start
    manifest = made.corpus.manifest
    omitted = {
        kind: sum(one.get(kind, 0) for one in manifest.omitted.values()) for kind in ("theorem",)
    }
    theorems = manifest.kinds["theorem"]
    figures = {
        "lean": manifest.made.version,
        "workers": work.WORKERS,
        "modules": manifest.modules,
        "declarations": manifest.declarations,
        "theorems": theorems,
        "definitions": manifest.kinds["definition"],
        "theorems_that_no_proof_names": omitted["theorem"],
        "theorems_by_leans_count": manifest.lean_theorems,
        "theorems_missing": manifest.lean_theorems - theorems - omitted["theorem"],
        "constants_by_leans_count": manifest.lean_constants,
        "seconds": round(seconds, 1),
        "modules_asked": made.asked,
        "seconds_again": round(seconds_again, 1),
        "modules_asked_again": again.asked,
        "megabytes": round(work.size_of(place) / 1e6, 1),
    }
    shutil.rmtree(place)
    return figures
