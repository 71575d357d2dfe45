"""TPTP problems: whole files, and records that hold one with its known SZS status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Answers, Item, Origin
from neurosym.runs.problems import ProblemRecord
from neurosym.runs.readers.records import Fields, has, identity, optional, text, whole_or_items
from neurosym.runs.readers.source import Sample, Source

FORM = "tptp"
_OPENING = re.compile(
    r"(?:\s|%[^\n]*(?:\n|$)|/\*.*?\*/)*+(?:fof|cnf|tff|thf|tcf|include)\s*\(", re.S
)
_STATUS = re.compile(r"^%\s*Status\s*:\s*(\w+)", re.MULTILINE)
_CONJECTURE = re.compile(r",\s*conjecture\s*,")
_WITH_GOAL = Answers(
    (
        ("proved", "Theorem"),
        ("inconsistent", "Theorem"),  # everything follows from contradictory axioms
        ("refuted", "CounterSatisfiable"),
        ("independent", "CounterSatisfiable"),
    )
)
_WITHOUT = Answers(
    (
        ("proved", "Unsatisfiable"),
        ("inconsistent", "Unsatisfiable"),
        ("independent", "Satisfiable"),
        ("refuted", "Satisfiable"),
        ("satisfiable", "Satisfiable"),
    )
)


def fits(data: Any) -> bool:
    problem = data.get("problem") if has(data, "problem") else None
    return (
        isinstance(problem, str)
        and "language" not in data
        and _OPENING.match(problem[:100_000]) is not None
    )


def detect(sample: Sample) -> bool:
    if sample.container == "text":
        return _OPENING.match(sample.text) is not None
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for the file, or one for each record. Raises InputError as ``items``."""
    return whole_or_items(source, FORM, fits, _record, _item)


def _record(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    id = identity(data, default, "name")
    yield _item(id, text(data, "problem"), optional(data, "status"), origin)


def _item(id: str, problem: str, status: str | None, origin: Origin) -> Item:
    if status is None:
        said = _STATUS.search(problem)
        status = said[1] if said and said[1] != "Unknown" else None
    answers = _WITH_GOAL if _CONJECTURE.search(problem) else _WITHOUT
    record = ProblemRecord(id=id, language="tptp", problem=problem)
    return Item(id, "prove", record, origin, status, answers=answers)
