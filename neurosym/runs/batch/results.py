"""The results of a run as JSON Lines, in the inputs' order."""

from __future__ import annotations

import json
from collections.abc import Iterator

from neurosym.runs.batch.folder import RESULTS, RunFolder
from neurosym.runs.batch.ledger import Ledger, fields_of


def write_results(ledger: Ledger, folder: RunFolder) -> None:
    """Write the results of a finished run into its folder, all of them or none.

    Raises BrokenToolError where they cannot be read or written.
    """
    with folder.writing(RESULTS) as stream:
        for line in results(ledger):
            stream.write(line.encode("utf-8", "replace") + b"\n")


def results(ledger: Ledger) -> Iterator[str]:
    """A line for each finished problem: what it comes to, and the chosen attempt's output."""
    for problem, kept, output in ledger.results():
        if kept.sample == problem.chosen:
            start = json.dumps(fields_of(problem), ensure_ascii=False)
            yield f'{start[:-1]}, "output": {output}}}'
