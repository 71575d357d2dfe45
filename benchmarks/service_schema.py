"""The service's OpenAPI document, fuzzed by schemathesis: at least 2,000 cases over all operations.

A case counts as an error where the answer is 5xx, and as a failure where its status, its type or
its form is none that the document has for it.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from tests.neurosym.service.fuzzing import fuzz
from tests.neurosym.service.servers import configured

CASES = 2_300  # some operations have fewer cases than their share; 2,000 are left
_BUDGETS = {"seconds": 2.0, "max_seconds": 2.0, "timeout": 1.0, "max_timeout": 1.0}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, configured(Path(folder), **_BUDGETS) as server:
        tallies = fuzz(server.url, limit or CASES, number=1)
        alive = server.alive()
        tracebacks = server.tracebacks
    statuses: Counter[int] = Counter()
    for tally in tallies:
        statuses.update(tally.statuses)
    return {
        "operations": len(tallies),
        "cases": statuses.total(),
        "server_errors": sum(tally.server_errors for tally in tallies),
        "failures": [f"{tally.operation}: {one}" for tally in tallies for one in tally.failures],
        "tracebacks_in_log": tracebacks,
        "alive_at_the_end": alive,
        "statuses": {str(status): statuses[status] for status in sorted(statuses)},
        "cases_by_operation": {tally.operation: tally.cases for tally in tallies},
    }
