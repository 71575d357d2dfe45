"""Multi-LogiEval: texts with one yes-or-no question each, by depth, logic and rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.readers.records import (
    YES_NO,
    Fields,
    has,
    identity,
    items,
    optional,
    reasoning,
    text,
)
from neurosym.runs.readers.source import Sample, Source
from neurosym.runs.readers.yesno import statement
from provers.errors import InputError

FORM = "multilogieval"


def fits(data: Any) -> bool:
    if has(data, "context", "question", "answer", "rule"):
        return True
    return has(data, "logic", "rule", "samples") and isinstance(data["samples"], list)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each question. Raises InputError as ``items``."""
    return items(source, FORM, fits, _all)


def _all(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    if "samples" not in data:
        yield _sample(identity(data, default), data, origin)
        return
    place = "/".join(str(data[f]) for f in ("depth", "logic", "rule") if f in data)
    for number, sample in enumerate(data["samples"], 1):
        if not has(sample, "context", "question"):
            raise InputError(f"sample {number} has no context with a question.")
        yield _sample(f"{place}/{sample.get('id', number)}", sample, origin)


def _sample(id: str, data: Fields, origin: Origin) -> Item:
    step = statement(text(data, "question"))
    record = reasoning(id, {"premises": [text(data, "context")], "steps": [step]})
    gold = optional(data, "answer")
    gold = None if gold is None else gold.strip().lower()
    return Item(id, "verify", record, origin, gold, answers=YES_NO)
