"""Logic-LM's recorded programs: a question with the logic program that a model wrote for it.

As Logic-LM keeps them, a file for each set with ``raw_logic_programs``, or with ``program`` and
``dataset``, where one file may hold all five sets. Several programs of one question are samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Dialect, Item, Origin, Puzzle, Recorded, World
from neurosym.runs.readers import choices
from neurosym.runs.readers.records import Fields, identity, items, optional, text, texts
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "logiclm-programs"
MOST_PROGRAMS = 1000
_DIALECTS: dict[str, Dialect] = {
    "prontoqa": "rules",
    "proofwriter": "rules",
    "folio": "formulas",
    "logicaldeduction": "constraints",
    "logical_deduction": "constraints",
    "ar-lsat": "z3",
    "ar_lsat": "z3",
    "arlsat": "z3",
}


def fits(data: Any) -> bool:
    return choices.is_choice(data) and ("program" in data or "raw_logic_programs" in data)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One program for each record. Raises InputError as ``items``."""

    def one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
        yield _item(identity(data, default), data, origin)

    return items(source, FORM, fits, one, kind="puzzle")


def _item(id: str, data: Fields, origin: Origin) -> Item:
    named = choices.set_of(data)
    dialect = next((d for name, d in _DIALECTS.items() if name in named), None)
    if dialect is None:
        raise InputError("neither 'dataset' nor 'id' names one of Logic-LM's five sets.")
    options = texts(data, "options")
    if dialect in ("rules", "formulas"):
        world: World = "forward" if "proofwriter" in named else "open"
        answers = choices.judgements(options, world)
    else:
        answers = choices.chosen(options)
    context, question = text(data, "context"), text(data, "question")
    puzzles = [Puzzle(context, question, options, one, dialect) for one in _programs(data)]
    payload = puzzles[0] if len(puzzles) == 1 else Recorded(tuple(puzzles))
    return Item(id, "puzzle", payload, origin, optional(data, "answer"), answers=answers)


def _programs(data: Fields) -> list[str | None]:
    """The programs; None where the model wrote nothing. Raises InputError where one is no text."""
    given = data.get("program", data.get("raw_logic_programs"))
    listed = given or [None] if isinstance(given, list) else [given]
    if len(listed) > MOST_PROGRAMS:
        raise InputError(f"the record has more than {MOST_PROGRAMS:,} programs.")
    if any(one is not None and not isinstance(one, str) for one in listed):
        raise InputError("the recorded program is not a string.")
    return [one if one and one.strip() else None for one in listed]
