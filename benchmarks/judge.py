"""A prover whose every conclusive answer is checked again and counted."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from provers.base import AnyProblem, Limits, Prover, Result
from provers.recheck import recheck


class Judge:
    """Asks ``prover`` and re-checks what it answers; the two are timed apart."""

    def __init__(self, prover: Prover, seconds: float = 10) -> None:
        self.prover = prover
        self.limits = Limits(seconds)
        self.outcomes: Counter[str] = Counter()
        self.how: Counter[str] = Counter()
        self.failed: list[str] = []
        self.proving_seconds = 0.0
        self.checking_seconds = 0.0

    def prove(self, problem: AnyProblem, limits: Limits | None = None) -> Result:
        start = time.perf_counter()
        result = self.prover.prove(problem, limits or self.limits)
        self.proving_seconds += time.perf_counter() - start
        self.outcomes[str(result.outcome)] += 1
        if result.conclusive:
            self.check(problem, result)
        return result

    def check(self, problem: AnyProblem, result: Result) -> None:
        """Check a conclusive result again and count how that went."""
        start = time.perf_counter()
        checked = recheck(problem, result, self.limits)
        self.checking_seconds += time.perf_counter() - start
        if checked.ok:
            self.how[checked.how] += 1
        else:
            self.failed.append(f"{result.outcome} by {result.prover}: {checked.detail}")

    def figures(self) -> dict[str, Any]:
        """Outcomes, how many conclusive answers passed, by which check, and the times."""
        passed = sum(self.how.values())
        conclusive = passed + len(self.failed)
        return {
            "outcomes": dict(sorted(self.outcomes.items())),
            "conclusive": conclusive,
            "rechecked": passed,
            "recheck_percent": round(100 * passed / conclusive, 3) if conclusive else None,
            "recheck_by": dict(self.how),
            "recheck_failed": self.failed,
            "proving_seconds": round(self.proving_seconds, 2),
            "checking_seconds": round(self.checking_seconds, 2),
        }

    def close(self) -> None:
        self.prover.close()
