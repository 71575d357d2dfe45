"""SMT-LIB scripts: whole files, and records that hold one with its known status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Answers, Item, Origin
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.readers.records import Fields, has, identity, optional, text, whole_or_items
from neurosym.runs.readers.source import Sample, Source

FORM = "smtlib"
_OPENING = re.compile(
    r"(?:\s|;[^\n]*(?:\n|$))*+\(\s*(?:set-logic|set-info|set-option|declare-|define-|assert|check-sat"
    r"|push|echo|reset)"
)
_STATUS = re.compile(r"\(\s*set-info\s+:status\s+(sat|unsat|unknown)\s*\)")
_ANSWERS = Answers((("inconsistent", "unsat"), ("satisfiable", "sat")))


def fits(data: Any) -> bool:
    script = data.get("smtlib") if has(data, "smtlib") else None
    return isinstance(script, str)


def detect(sample: Sample) -> bool:
    if sample.container == "text":
        return _OPENING.match(sample.text) is not None
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for the file, or one for each record. Raises InputError as ``items``."""
    return whole_or_items(source, FORM, fits, _record, _item)


def _record(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    yield _item(identity(data, default), text(data, "smtlib"), optional(data, "status"), origin)


def _item(id: str, script: str, status: str | None, origin: Origin) -> Item:
    if status is None:
        said = _STATUS.search(script)
        status = said[1] if said and said[1] != "unknown" else None
    record = ProblemRecord(id=id, language="smtlib", problem=script)
    return Item(id, "prove", record, origin, status, answers=_ANSWERS)
