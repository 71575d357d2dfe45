"""The results of a run as JSON Lines, in the inputs' order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from neurosym.runs.batch.folder import RESULTS, RunFolder
from neurosym.runs.batch.ledger import Ledger


def write_results(ledger: Ledger, folder: RunFolder) -> None:
    """Write the results of a finished run into its folder, all of them or none.

    Raises BrokenToolError where they cannot be read or written.
    """
    with folder.writing(RESULTS) as stream:
        for record in results(ledger):
            stream.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def results(ledger: Ledger) -> Iterator[dict[str, Any]]:
    """One record for each finished problem: what it comes to, and the chosen attempt's output."""
    for problem, kept, output in ledger.results():
        if kept.sample == problem.chosen:
            yield {**asdict(problem), "output": output}
