"""PRMBench: solutions with errors put into them, and which steps those are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.readers.records import Fields, has, identity, items, reasoning, text, texts
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "prmbench"


def fits(data: Any) -> bool:
    return has(data, "modified_process", "error_steps")


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each modified solution. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one)


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    id = identity(data, default)
    kind, number = data.get("classification"), data.get("idx")
    if id == default and isinstance(number, str):
        id = f"{kind}/{number}" if isinstance(kind, str) else number
    errors = data["error_steps"]
    if not isinstance(errors, list) or not all(type(step) is int for step in errors):
        raise InputError("the field 'error_steps' is not a list of step numbers.")
    steps = texts(data, "modified_process")
    record = reasoning(
        id, {"question": text(data, "modified_question", "question"), "steps": list(steps)}
    )
    # Some records name a step after the last one; nothing can be said about it.
    within = tuple(step for step in errors if 1 <= step <= len(steps))
    yield Item(id, "verify", record, origin, "wrong" if errors else "right", within)
