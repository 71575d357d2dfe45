"""Logic-LM's recorded programs: a question with the logic program that a model wrote for it.

As Logic-LM keeps them, a file for each set with ``raw_logic_programs``, or with ``program`` and
``dataset``, where one file may hold all five sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from neurosym.runs.items import Dialect, Item, Origin, Puzzle, World
from neurosym.runs.readers import choices
from neurosym.runs.readers.records import Fields, identity, items, optional, text, texts
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "logiclm-programs"
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
    puzzle = Puzzle(text(data, "context"), text(data, "question"), options, _program(data), dialect)
    return Item(id, "puzzle", puzzle, origin, optional(data, "answer"), answers=answers)


def _program(data: Fields) -> str | None:
    """The program; None where the model wrote nothing. Raises InputError where it is no text."""
    given = data.get("program", data.get("raw_logic_programs"))
    if isinstance(given, list):
        given = given[0] if given else None
    if given is not None and not isinstance(given, str):
        raise InputError("the recorded program is not a string.")
    return given if given and given.strip() else None
