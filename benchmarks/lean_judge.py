"""The judge on the suites in ``tests/provers/lean``: cheats caught, honest proofs accepted."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any, Literal

from provers.base import LeanProblem, Limits, Outcome
from provers.lean import toolchain
from provers.lean.judge import judge
from provers.lean.pool import Pool
from tests.provers.lean.submissions import read_suite

LIMITS = Limits(60.0)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """How each suite came out, and what refused the cheats; no data is needed."""
    pool = Pool(toolchain.ensure(), workers=1)
    try:
        version = pool.version()
        return {
            "lean": version.version,
            "toolchain": version.toolchain,
            "cheats": _suite(pool, "cheats", limit),
            "honest": _suite(pool, "honest", limit),
        }
    finally:
        pool.close()


def _suite(pool: Pool, name: Literal["cheats", "honest"], limit: int | None) -> dict[str, Any]:
    wanted = name == "honest"
    counts: dict[str, int] = {}
    wrong: list[str] = []
    times = []
    for submission in read_suite(name)[:limit]:
        start = time.perf_counter()
        result = judge(pool, LeanProblem(submission.code, submission.statement), LIMITS)
        times.append(time.perf_counter() - start)
        key = ", ".join([str(result.outcome), *filter(None, [result.reason]), *result.flags])
        counts[key] = counts.get(key, 0) + 1
        if (result.outcome is Outcome.PROVED) is not wanted:
            wrong.append(submission.name)
    return {
        "submissions": len(times),
        "wrong": wrong,
        "outcomes": dict(sorted(counts.items())),
        "median_milliseconds": round(1000 * statistics.median(times), 1),
    }
