"""PutnamBench as JSON: informal problems, or Lean 4 statements. Its Lean files: see ``lean``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item
from neurosym.runs.readers import statements
from neurosym.runs.readers.records import has
from neurosym.runs.readers.source import Sample, Source

FORM = "putnambench"
_NAME = re.compile(r"^putnam_\d{4}_[ab]\d")


def fits(data: Any) -> bool:
    return has(data) and _NAME.match(statements.name(data)) is not None


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """Statements to prove, or texts to state. Raises InputError as ``statements.read``."""
    return statements.read(source, FORM, fits)
