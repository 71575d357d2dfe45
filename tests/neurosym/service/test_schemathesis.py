"""The whole OpenAPI document against a real service: no input breaks it."""

from __future__ import annotations

from pathlib import Path

from tests.neurosym.service.fuzzing import fuzz
from tests.neurosym.service.servers import configured

CASES = 300


def test_no_input_breaks_it(tmp_path: Path) -> None:
    budgets = {"seconds": 2.0, "max_seconds": 2.0, "timeout": 1.0, "max_timeout": 1.0}
    with configured(tmp_path, **budgets) as server:
        tallies = fuzz(server.url, CASES)
        assert server.alive()
        assert server.tracebacks == 0
    assert sum(tally.cases for tally in tallies) > 0.8 * CASES
    paths = {tally.operation for tally in tallies}
    assert {"POST /v1/verify", "POST /v1/score", "GET /v1/jobs/{id}", "GET /metrics"} <= paths
    assert [(t.operation, t.statuses) for t in tallies if t.server_errors] == []
    failures = [f"{tally.operation}: {one}" for tally in tallies for one in tally.failures]
    assert failures == []
    answered = {status for tally in tallies for status in tally.statuses}
    assert {200, 201, 202, 400, 404, 422} <= answered  # it was neither all wrong nor all right
