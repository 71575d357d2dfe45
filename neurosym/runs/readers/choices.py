"""Questions with options, as Logic-LM keeps its five sets: context, question, options, answer."""

from __future__ import annotations

import re
from typing import Any

from neurosym.runs.items import Answers, Item, Origin, Puzzle, World
from neurosym.runs.readers.records import Fields, has, letter, optional, reasoning, text, texts
from provers.errors import InputError

_ASKED = re.compile(
    r"^.*?\b(?:is|are)\s+the\s+following\s+statements?\s+(?:is\s+)?true[^?]*\?\s*", re.I | re.DOTALL
)
_VERDICTS = {"true": "proved", "false": "refuted", "unknown": "independent"}
_VERDICTS |= {"uncertain": "independent"}


def is_choice(data: Any) -> bool:
    """Whether a record is a question with options."""
    return has(data, "context", "question", "options") and isinstance(data["options"], list)


def set_of(data: Fields) -> str:
    """The beginning of a record's ids, in lower case: they name the set."""
    ids = (data.get(f) for f in ("dataset", "dataset_name", "id", "source_id", "problem_id"))
    return " ".join(str(id) for id in ids if id is not None).lower()


def statement(data: Fields) -> str:
    """What is asked to be true, without the words that ask. Raises InputError without any."""
    said = _ASKED.sub("", text(data, "question")).strip()
    if not said:
        raise InputError("the question asks about no statement.")
    return said


def judged(id: str, data: Fields, origin: Origin, world: World) -> Item:
    """The item of a statement to be judged given a text. Raises InputError as the fields."""
    record = reasoning(
        id, {"premises": [text(data, "context")], "steps": [statement(data)], "world": world}
    )
    answers = judgements(texts(data, "options"), world)
    return Item(id, "verify", record, origin, optional(data, "answer"), answers=answers)


def judgements(options: tuple[str, ...], world: World = "open") -> Answers:
    """How a verdict chooses among options such as ``A) True``, ``B) False``, ``C) Unknown``."""
    chosen = (
        (verdict, letter(option))
        for word, verdict in _VERDICTS.items()
        for option in options
        if option.rstrip().rstrip(".").lower().endswith(word)
    )
    return Answers(tuple(chosen), options, world)


def puzzle(id: str, data: Fields, origin: Origin) -> Item:
    """The item of a question whose options are told apart by constraints.

    Raises InputError for options without letters, and as the fields.
    """
    options = texts(data, "options")
    asked = Puzzle(text(data, "context"), text(data, "question"), options)
    gold = optional(data, "answer")
    return Item(id, "puzzle", asked, origin, gold, answers=chosen(options))


def chosen(options: tuple[str, ...]) -> Answers:
    """How the letter of an option that holds is the answer.

    Raises InputError for options that do not each begin with a letter of their own.
    """
    letters = [letter(option) for option in options]
    if not options or "" in letters or len(set(letters)) != len(letters):
        raise InputError("the options do not each begin with a letter of their own.")
    return Answers(tuple((each, each) for each in letters), options)
