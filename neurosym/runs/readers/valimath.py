"""ValiMath (MathQ-Verify): questions, and whether they are well posed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Answers, Item, Origin, Question
from neurosym.runs.readers.records import Fields, has, identity, items, text
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "valimath"
_ANSWERS = Answers((("passed", "valid"), ("flawed", "flawed")))
_TRUE_FALSE = {"true": True, "false": False, "1": True, "0": False}


def fits(data: Any) -> bool:
    return has(data, "question", "contradiction_check", "condition_complete_check")


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One question to check for each record. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one)


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    label = data.get("valid", data.get("gt"))
    valid = _TRUE_FALSE.get(str(label).lower())
    if valid is None:
        raise InputError("the record does not say whether its question is valid ('gt').")
    question = text(data, "question")
    if not question.strip():
        raise InputError("the question is empty.")
    yield Item(
        identity(data, default),
        "verify",
        Question(question),
        origin,
        "valid" if valid else "flawed",
        answers=_ANSWERS,
    )
