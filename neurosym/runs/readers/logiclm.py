"""FOLIO as Logic-LM keeps it: a context, a question about a statement, and three options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.readers import choices
from neurosym.runs.readers.records import Fields, identity, items
from neurosym.runs.readers.source import Sample, Source

FORM = "logiclm-folio"


def fits(data: Any) -> bool:
    return choices.is_choice(data) and "folio" in choices.set_of(data)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each question. Raises InputError as ``items``."""

    def one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
        yield choices.judged(identity(data, default), data, origin, "open")

    return items(source, FORM, fits, one)
