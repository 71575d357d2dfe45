"""GSM8K: questions with gold solutions (``<<3+4=7>>``, ``#### 7``), and solutions of models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from neurosym.runs.items import Answers, Item, Origin
from neurosym.runs.readers.records import (
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

FORM = "gsm8k"
_FINAL = re.compile(r"^\s*####\s*(.+?)\s*$", re.MULTILINE)
_MODELS = re.compile(r"^\d+b_(?:finetuning|verification)$")
_RIGHT_WRONG = Answers((("proved", "right"), ("refuted", "wrong")))


def fits(data: Any) -> bool:
    if has(data, "question", "gold_solution", "solutions"):
        return True
    if not has(data, "question"):
        return False
    if any(_MODELS.match(str(key)) for key in data):
        return True
    return isinstance(data.get("answer"), str) and "####" in data["answer"]


def detect(sample: Sample) -> bool:
    return fits(sample.record)


def read(source: Source) -> Iterator[Item]:
    """One item for each solution. Raises InputError as ``items``."""
    return items(source, FORM, fits, _one)


def _one(data: Fields, default: str, origin: Origin) -> Iterator[Item]:
    id = identity(data, default)
    question = text(data, "question")
    models = list(_solutions(data))
    if not models:
        yield _gold(id, question, text(data, "answer"), origin)
        return
    right_answer = optional(data, "gold_answer", "ground_truth")
    for name, solution in models:
        right = solution.get("is_correct")
        if not isinstance(right, bool):
            raise InputError(f"the solution of {name} does not say whether it is correct.")
        own = f"{id}/{name}"
        record = reasoning(
            own,
            {
                "question": question,
                "solution": text(solution, "text", "solution"),
                "answer": _number(right_answer),
            },
        )
        gold = "right" if right else "wrong"
        yield Item(own, "verify", record, origin, gold, answers=_RIGHT_WRONG)


def _gold(id: str, question: str, answer: str, origin: Origin) -> Item:
    """The gold solution, whose last line is ``#### n``."""
    final = _FINAL.search(answer)
    if final is None:
        raise InputError("the answer has no line with ####.")
    number = _number(final[1])
    solution = answer[: final.start()].strip() or answer.strip()
    record = reasoning(id, {"question": question, "solution": solution, "answer": number})
    return Item(id, "verify", record, origin, number)


def _number(value: str | None) -> str | None:
    """An answer without the final marker, dollar sign and commas between thousands."""
    if value is None:
        return None
    return value.split("####")[-1].strip().replace(",", "").removeprefix("$")


def _solutions(data: Fields) -> Iterator[tuple[str, Mapping[str, Any]]]:
    given = data.get("solutions")
    if isinstance(given, list):
        pairs = [(str(s.get("model", n)), s) for n, s in enumerate(given, 1) if has(s)]
    else:
        pairs = [(str(k), v) for k, v in data.items() if _MODELS.match(str(k)) and has(v)]
    yield from pairs
