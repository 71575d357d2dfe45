"""ProofWriter: AI2's own JSON Lines (a theory with questions), and Logic-LM's questions.

Its labels were made by forward chaining: in an open world (OWA) a rule only ever makes new
facts, in a closed one (CWA) what is not derived is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from neurosym.runs.items import Answers, Item, Origin, World
from neurosym.runs.readers import choices
from neurosym.runs.readers.records import (
    TRUE_FALSE_UNKNOWN,
    Fields,
    has,
    identity,
    items,
    optional,
    reasoning,
    text,
)
from neurosym.runs.readers.source import Sample, Source
from provers.errors import InputError

FORM = "proofwriter"
_UNKNOWN = ("unknown", "uncertain")


def fits(data: Any) -> bool:
    if choices.is_choice(data):
        return "proofwriter" in choices.set_of(data)
    if not has(data, "questions") or not ("theory" in data or "context" in data):
        return False
    return isinstance(data["questions"], dict | list)


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each question. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one)


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    if choices.is_choice(data):
        yield choices.judged(identity(data, default), data, origin, "forward")
        return
    id = identity(data, default)
    theory = text(data, "theory", "context")
    asked = list(_questions(data))
    if not asked:
        raise InputError("the theory has no questions.")
    world = _world(id, asked)
    answers = Answers(TRUE_FALSE_UNKNOWN.of_verdict, world=world)
    for name, question in asked:
        own = f"{id}_{name}"
        step = text(question, "question", "text")
        record = reasoning(own, {"premises": [theory], "steps": [step], "world": world})
        yield Item(own, "verify", record, origin, _gold(question), answers=answers)


def _questions(data: Fields) -> Iterator[tuple[str, Mapping[str, Any]]]:
    given = data["questions"]
    named = given.items() if isinstance(given, dict) else enumerate(given, 1)
    for name, question in named:
        if not isinstance(question, dict):
            raise InputError(f"question {name} is not an object.")
        yield str(question.get("id", f"Q{name}" if isinstance(name, int) else name)), question


def _gold(question: Fields) -> str | None:
    answer = optional(question, "answer", "label")
    return "Unknown" if answer is not None and answer.lower() in _UNKNOWN else answer


def _world(id: str, asked: list[tuple[str, Mapping[str, Any]]]) -> World:
    """The world of a theory: its name says it, else whether any answer is ``Unknown``."""
    if "CWA" in id or "OWA" in id:
        return "closed" if "CWA" in id else "forward"
    return "forward" if any(_gold(q) == "Unknown" for _, q in asked) else "closed"
