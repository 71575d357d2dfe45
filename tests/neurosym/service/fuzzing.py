"""Inputs made from a service's own OpenAPI document, right ones and wrong ones, sent to it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.failures import Failure, FailureGroup

# JSON Schema cannot say all that is asked of an input ("give either 'steps' or 'solution'"), so
# one that fits the schema may be refused all the same.
_NOT_MEANT = ("positive_data_acceptance",)
_SECONDS = 60.0
_SHOWN = 400


@dataclass
class Tally:
    """What came of the requests to one operation."""

    operation: str
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return sum(self.statuses.values())

    @property
    def server_errors(self) -> int:
        return sum(count for status, count in self.statuses.items() if status >= 500)


def fuzz(url: str, cases: int, number: int = 0) -> list[Tally]:
    """Send about ``cases`` requests in all; ``number`` chooses which.

    Each answer must have a status, a type and a form that the document has for it.
    """
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    ids = _ids(url)
    tallies = []
    left = cases
    # Operations without input have one case each, and leave theirs to the others.
    order = sorted(operations, key=_has_input)
    for place, operation in enumerate(order):
        tally = Tally(operation.label)
        share = math.ceil(left / (len(order) - place))
        modes = list(GenerationMode) if _has_input(operation) else [GenerationMode.POSITIVE]
        for mode in modes:
            wanted = math.ceil((share - tally.cases) / (len(modes) - modes.index(mode)))
            _send(operation, mode, max(1, wanted), ids, tally, number)
        left -= tally.cases
        tallies.append(tally)
    return tallies


def _has_input(operation: Any) -> bool:
    # A body or a query can be wrong in many ways; whatever stands in a path is only another id.
    return bool(operation.body or operation.query or operation.path_parameters)


def _send(
    operation: Any,
    mode: GenerationMode,
    count: int,
    ids: dict[str, str],
    tally: Tally,
    number: int,
) -> None:
    paths = [name for name in ids if name in operation.path]
    if paths and mode is GenerationMode.NEGATIVE and not operation.body:
        return  # any text is an id, so none is wrong by the schema
    excluded = [check for check in CHECKS.get_all() if check.__name__ in _NOT_MEANT]

    def send(case: Any) -> None:
        if paths and tally.cases % 2:
            case.path_parameters = {"id": ids[paths[0]]}
        response = case.call(timeout=_SECONDS)
        tally.statuses[response.status_code] += 1
        try:
            case.validate_response(response, excluded_checks=excluded)
        except (Failure, FailureGroup) as error:
            failures: Sequence[Any] = getattr(error, "exceptions", [error])
            tally.failures += [f"{one}"[:_SHOWN] for one in failures]

    once = settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(once(given(case=operation.as_strategy(generation_mode=mode))(send)))()


def _ids(url: str) -> dict[str, str]:
    """A session and a job that are there, by where their paths begin."""
    with httpx.Client(base_url=url, timeout=_SECONDS) as client:
        session = client.post("/v1/sessions", json={"question": "How much is 1 + 1?"}).json()
        job = client.post("/v1/jobs", json={"kind": "verify", "input": {"steps": ["1 + 1 = 2"]}})
        return {"/v1/sessions/": session["id"], "/v1/jobs/": job.json()["id"]}
