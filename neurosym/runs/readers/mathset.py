"""MATH: its folder of JSON files, one a problem, and MATH-500 as JSON Lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.readers.records import Fields, has, identity, items, optional, reasoning, text
from neurosym.runs.readers.source import Sample, Source

FORM = "math"
_BOXES = ("\\boxed{", "\\fbox{")


def fits(data: Any) -> bool:
    return has(data, "problem", "solution") and "language" not in data


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each problem. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one)


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    id = identity(data, default, "unique_id")
    solution = text(data, "solution")
    answer = optional(data, "answer") or boxed(solution)
    record = reasoning(
        id, {"question": text(data, "problem"), "solution": solution, "answer": answer}
    )
    yield Item(id, "verify", record, origin, answer)


def boxed(solution: str) -> str | None:
    """What stands in the last box of a solution; None without a box that closes."""
    start = max(solution.rfind(box) for box in _BOXES)
    if start < 0:
        return None
    start = solution.index("{", start) + 1
    depth = 1
    for at in range(start, len(solution)):
        depth += (solution[at] == "{") - (solution[at] == "}")
        if depth == 0:
            return solution[start:at].strip()
    return None
