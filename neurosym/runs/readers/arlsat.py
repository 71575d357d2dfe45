"""AR-LSAT (as Logic-LM keeps it): analytical reasoning games with five options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item, Origin
from neurosym.runs.readers import choices
from neurosym.runs.readers.records import Fields, identity, items
from neurosym.runs.readers.source import Sample, Source

FORM = "arlsat"


def fits(data: Any) -> bool:
    if not choices.is_choice(data):
        return False
    named = choices.set_of(data)
    return any(name in named for name in ("arlsat", "ar_lsat", "ar-lsat"))


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One puzzle for each question. Raises InputError as ``items``."""

    def one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
        yield choices.puzzle(identity(data, default), data, origin)

    return items(source, FORM, fits, one, kind="puzzle")
