"""neurosym's own records: formal problems in any language, or reasoning to verify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.problems import problem_record
from neurosym.runs.readers.records import Fields, MixedKindsError, has, identity, items
from neurosym.runs.readers.source import Sample, Source
from neurosym.verify.records import record_of

FORM = "neurosym"
_REASONING = ("steps", "solution")
_OTHERS = ("formal_statement", "conclusion", "context")
_FORMAL = ("language", "premises", "goal")


def fits(data: Any) -> bool:
    if not has(data) or any(field in data for field in _OTHERS):
        return False
    return any(field in data for field in (*_REASONING, *_FORMAL))


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """The items; raises MixedKindsError where formal problems and reasoning are mixed."""
    first: list[str] = []

    def one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
        verify = any(field in data for field in _REASONING)
        kind = "reasoning" if verify else "formal problems"
        if not first:
            first.append(kind)
        if kind != first[0]:
            raise MixedKindsError(
                f"{source.described} mixes kinds: line {origin.line} holds {kind}, the lines "
                f"before it {first[0]}; give each kind a file of its own."
            )
        id = identity(data, default)
        if verify:
            record = record_of(dict(data), default)
            gold = None if record.answer is None else str(record.answer)
            yield Item(id, "verify", record, origin, gold)
        else:
            yield Item(id, "prove", problem_record(dict(data), default), origin)

    return items(source, FORM, fits, one)
