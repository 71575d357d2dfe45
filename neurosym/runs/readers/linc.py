"""LINC's generations: several formalisations of each problem, one a line.

A row is one sample, ``{"id", "problem": number, "sample": number, "text", "gold"}``, whose text has
pairs of lines ``TEXT:`` and ``FOL:``, the last pair the conclusion. The rows of one problem stand
together and become one item. What Prover9 said of them is left aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from neurosym.runs.items import Answers, Item, Origin, Recorded, Unread, bad_item
from neurosym.runs.problems import ProblemRecord, problem_record
from neurosym.runs.readers.records import Fields, has, identity, items, optional, text
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "linc"
MOST_SAMPLES = 1000
_ANSWERS = Answers((("proved", "True"), ("refuted", "False"), ("independent", "Uncertain")))
_SAMPLE = re.compile(r"[/_-]?s(?:ample)?[/_-]?\d+$")


def fits(data: Any) -> bool:
    return has(data, "problem", "sample", "text") and isinstance(data["text"], str)


def detect(sample: Sample) -> bool:
    return fits(sample.record) and "FOL:" in sample.record["text"] + sample.text


def read(source: Source) -> Iterator[Item]:
    """One item for each run of rows that are of one problem; one problem's at a time is held.

    Raises InputError as ``items``.
    """
    whole: Item | None = None
    for row in items(source, FORM, fits, _row, kind="prove"):
        if row.ill_formed:
            yield row
        elif whole is None or row.id != whole.id:
            if whole is not None:
                yield whole
            whole = row
        else:
            whole = _joined(whole, row)
    if whole is not None:
        yield whole


def _joined(whole: Item, row: Item) -> Item:
    """An item with one sample more; ill-formed where the two do not fit together."""
    if whole.payload is None or row.payload is None:
        return whole
    assert isinstance(whole.payload, Recorded) and isinstance(row.payload, Recorded)
    samples = (*whole.payload.samples, *row.payload.samples)
    if whole.gold != row.gold:
        reason = f"its rows do not agree on the answer: {whole.gold}, and {row.gold} on line "
        return bad_item(whole.id, whole.origin, f"{reason}{row.origin.line}.", "prove")
    if len(samples) > MOST_SAMPLES:
        reason = f"it has more than {MOST_SAMPLES:,} samples."
        return bad_item(whole.id, whole.origin, reason, "prove")
    return replace(whole, payload=Recorded(samples))


def _row(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    number = data["problem"]
    if not isinstance(number, int | str) or isinstance(number, bool):
        raise InputError("the field 'problem' is neither a number nor a name.")
    id, numbered = _SAMPLE.subn("", identity(data, ""))
    if not numbered:
        run = data.get("run")
        id = f"{run if isinstance(run, str) and run else default.rpartition('-')[0]}-p{number}"
    payload = Recorded((_problem(id, text(data, "text")),))
    yield Item(id, "prove", payload, origin, optional(data, "gold"), answers=_ANSWERS)


def _problem(id: str, generation: str) -> ProblemRecord | Unread:
    """The problem that a generation spells."""
    lines = [line[4:].strip() for line in generation.splitlines() if line.startswith("FOL:")]
    if not lines:
        return Unread("the text has no line that begins with FOL:.")
    data = {"notation": "nltk", "premises": lines[:-1], "goal": lines[-1]}
    try:
        return problem_record(data, id)
    except InputError as error:
        return Unread(str(error))
