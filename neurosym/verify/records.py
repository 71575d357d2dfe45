"""Records at the boundary: what ``neurosym verify`` accepts, checked before it is used."""

from __future__ import annotations

import json
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from neurosym.verify.segment import Step, split_solution, split_text, step_of
from provers.errors import InputError

MAX_CHARACTERS = 1_000_000
MAX_STEPS = 5_000


class Outset(BaseModel):
    """What reasoning starts from; its steps come later."""

    model_config = ConfigDict(frozen=True, strict=True)

    id: str | int = "1"
    question: str | None = None
    premises: list[str] = Field(default_factory=list)
    answer: str | int | float | None = None
    world: Literal["open", "closed", "forward"] = "open"

    @property
    def size(self) -> int:
        """Characters of text."""
        return len(self.question or "") + sum(map(len, self.premises))

    @model_validator(mode="after")
    def _not_too_long(self) -> Self:
        if self.size > MAX_CHARACTERS:
            raise ValueError(
                f"{self.size:,} characters of text; at most {MAX_CHARACTERS:,} are read"
            )
        return self

    def segmented(self) -> tuple[Step, ...]:
        """The steps that are there."""
        return ()


class Record(Outset):
    """One piece of reasoning to verify; exactly one of ``steps`` and ``solution`` is given."""

    steps: list[str] | None = None
    solution: str | None = None

    @property
    def size(self) -> int:
        return super().size + sum(map(len, self.steps or ())) + len(self.solution or "")

    @model_validator(mode="after")
    def _one_reasoning(self) -> Self:
        if (self.steps is None) == (self.solution is None):
            raise ValueError("give either 'steps' or 'solution'")
        if self.steps is not None and not self.steps:
            raise ValueError("'steps' is empty")
        if not any(text.strip() for text in (self.steps or [self.solution or ""])):
            raise ValueError("the reasoning is empty")
        return self

    def segmented(self) -> tuple[Step, ...]:
        """The steps, as given or as the solution's text divides.

        Raises InputError where there are more than can be checked.
        """
        if self.steps is not None:
            steps = tuple(map(step_of, self.steps))
        else:
            steps = split_solution(self.solution or "")
        if len(steps) > MAX_STEPS:
            raise InputError(f"{len(steps):,} steps are too many; at most {MAX_STEPS:,} are read.")
        return steps


def record_of(data: Any, default_id: str | int = "1") -> Record:
    """The record that parsed JSON holds.

    Raises InputError with one sentence that names the field and what is wrong with it.
    """
    if not isinstance(data, dict):
        raise InputError(f"a record must be a JSON object, not {_kind(data)}.")
    try:
        return Record.model_validate({"id": default_id, **data})
    except ValidationError as error:
        raise InputError(explain(error)) from error


def record_of_text(text: str, *, id: str | int = "1", world: str = "open") -> Record:
    """The record that plain text holds: a question, a blank line, then the reasoning.

    Raises InputError for text that is empty or too long.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputError(
            f"the text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read."
        )
    question, solution = split_text(text)
    return record_of({"question": question or None, "solution": solution, "world": world}, id)


def explain(error: ValidationError) -> str:
    """A validation error as one sentence: the first field that is wrong, and why."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if part not in _VARIANTS)
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "value_error":
        return f"{message}."
    found = json.dumps(first["input"], default=str)[:40]
    return f"the field '{place}' is wrong: {message}, found {found}."


_VARIANTS = frozenset({"str", "int", "float"})


def _kind(data: Any) -> str:
    names = {list: "an array", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(data), "a number")
