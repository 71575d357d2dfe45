"""FormalMATH: a refined text beside the Lean 4 statement that was made of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item
from neurosym.runs.readers import statements
from neurosym.runs.readers.records import has
from neurosym.runs.readers.source import Sample, Source

FORM = "formalmath"


def fits(data: Any) -> bool:
    return has(data) and ("refined_statement" in data or "autoformalization" in data)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """The statements to prove. Raises InputError as ``statements.read``."""
    return statements.read(source, FORM, fits)
