"""FOLIO, v1 and v2: premises and a conclusion in English, and in formulas where it has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.readers.records import (
    TRUE_FALSE_UNKNOWN,
    Fields,
    has,
    identity,
    items,
    optional,
    reasoning,
    text,
    texts,
)
from neurosym.runs.readers.source import Sample, Source

FORM = "folio"
_PREMISES = ("premises-FOL", "premises_fol", "premises_FOL")
_CONCLUSION = ("conclusion-FOL", "conclusion_fol", "conclusion_FOL")


def fits(data: Any) -> bool:
    return has(data, "premises", "conclusion")


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """The items, with the set's own formulas as ``formal``. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one)


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    id = identity(data, default)
    if id == default and isinstance(data.get("example_id"), int | str):
        id = f"folio-{data['example_id']}"
    conclusion = text(data, "conclusion").strip()
    record = reasoning(id, {"premises": list(texts(data, "premises")), "steps": [conclusion]})
    label = optional(data, "label")
    gold = "Unknown" if label == "Uncertain" else label
    yield Item(
        id,
        "verify",
        record,
        origin,
        gold,
        answers=TRUE_FALSE_UNKNOWN,
        formal=_formal(id, data),
    )


def _formal(id: str, data: Fields) -> ProblemRecord | None:
    goal = optional(data, *_CONCLUSION)
    if goal is None or not any(data.get(field) for field in _PREMISES):
        return None
    premises = list(texts(data, *_PREMISES))
    return ProblemRecord(id=id, notation="unicode", premises=premises, goal=goal.strip())
