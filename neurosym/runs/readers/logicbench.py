"""LogicBench (yes-or-no form): texts with questions, each about a single rule of inference."""

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

FORM = "logicbench"


def fits(data: Any) -> bool:
    if has(data, "context", "qa_pairs"):
        return True
    return has(data, "axiom", "samples") and isinstance(data["samples"], list)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each question. Raises InputError as ``items``."""
    return items(source, FORM, fits, _all)


def _all(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    if "samples" not in data:
        yield from _sample(identity(data, default), data, origin)
        return
    for number, sample in enumerate(data["samples"], 1):
        if not has(sample, "context", "qa_pairs"):
            raise InputError(f"sample {number} has no context with questions.")
        own = f"{data.get('type', '')}/{data['axiom']}/{sample.get('id', number)}".lstrip("/")
        yield from _sample(own, sample, origin)


def _sample(id: str, data: Fields, origin: Origin) -> Iterator[Item]:
    pairs = data["qa_pairs"]
    if not isinstance(pairs, list) or not pairs:
        raise InputError("the text has no questions.")
    for number, pair in enumerate(pairs, 1):
        if not isinstance(pair, dict):
            raise InputError(f"question {number} is not an object.")
        own = f"{id}/{number}"
        step = statement(text(pair, "question"))
        record = reasoning(own, {"premises": [text(data, "context")], "steps": [step]})
        gold = optional(pair, "answer")
        gold = None if gold is None else gold.strip().lower()
        yield Item(own, "verify", record, origin, gold, answers=YES_NO)
