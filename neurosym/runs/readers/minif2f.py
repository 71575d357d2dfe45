"""miniF2F in Lean 4, as JSON Lines: name, split, informal text, header and statement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Item
from neurosym.runs.readers import statements
from neurosym.runs.readers.records import has
from neurosym.runs.readers.source import Sample, Source

FORM = "minif2f"
_NAME = re.compile(
    r"(?:^|/)(?:aime|aimeII?|amc\d*[abAB]?|imo|imosl|mathd|algebra|numbertheory|induction)_"
)


def fits(data: Any) -> bool:
    if not has(data) or not any(data.get(field) for field in statements.LEAN):
        return False
    return _NAME.search(statements.name(data)) is not None


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """The statements to prove. Raises InputError as ``statements.read``."""
    return statements.read(source, FORM, fits)
