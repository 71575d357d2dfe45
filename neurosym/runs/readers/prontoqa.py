"""PrOntoQA: its own JSON (examples with a chain of thought), and Logic-LM's questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.readers import choices
from neurosym.runs.readers.records import (
    TRUE_FALSE_UNKNOWN,
    Fields,
    has,
    identity,
    items,
    optional,
    reasoning,
    text,
)
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "prontoqa"
_ASKED = re.compile(r"^\s*(?:True or false|Prove)\s*:\s*", re.IGNORECASE)


def fits(data: Any) -> bool:
    if choices.is_choice(data):
        return "prontoqa" in choices.set_of(data)
    if not isinstance(data, dict) or not data:
        return False
    first = next(iter(data.values()))
    return _is_example(data) or (has(first, "test_example") and _is_example(first["test_example"]))


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each test example. Raises InputError as ``items``."""
    return items(source, FORM, fits, _all)


def _all(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    if choices.is_choice(data):
        yield choices.judged(identity(data, default), data, origin, "open")
    elif _is_example(data):
        yield _example(identity(data, default), data, origin)
    else:
        for name, example in data.items():
            if not has(example, "test_example"):
                raise InputError(f"'{name}' has no test_example.")
            yield _example(f"{default}/{name}", example["test_example"], origin)


def _is_example(data: Any) -> bool:
    return has(data, "question", "query", "chain_of_thought")


def _example(id: str, data: Fields, origin: Origin) -> Item:
    """A query, asked of the theory; where it is only to be proved, its answer is True."""
    query = text(data, "query")
    step = _ASKED.sub("", query).strip()
    gold = optional(data, "answer")
    if gold is None or query.lstrip().lower().startswith("prove"):
        gold = "True"
    record = reasoning(id, {"premises": [text(data, "question")], "steps": [step]})
    return Item(id, "verify", record, origin, gold, answers=TRUE_FALSE_UNKNOWN)
