"""What a translator learns from, read from JSON Lines.

A line says what the model is asked, as ``prompt`` (the user's words) or as ``messages`` (a whole
conversation, as the translators' prompts are), and beside it what it should answer. Other keys,
such as an example's lineage, are passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from neurosym.llm.base import Message, Role
from provers.errors import InputError

_LONGEST_LINE: Final = 4 * 1024 * 1024  # bytes
_Text = Annotated[str, Field(min_length=1, max_length=1_000_000)]


@dataclass(frozen=True, slots=True)
class Pair:
    """A conversation that ends with the user's words, and the answer to learn."""

    messages: tuple[Message, ...]
    completion: str


@dataclass(frozen=True, slots=True)
class Preference:
    """A conversation, and two answers of which the first is better."""

    messages: tuple[Message, ...]
    chosen: str
    rejected: str


@dataclass(frozen=True, slots=True)
class Task:
    """A conversation whose answer is to be found; ``reference`` is for who judges answers."""

    messages: tuple[Message, ...]
    reference: str | None = None


def read_pairs(file: Path) -> list[Pair]:
    """Lines with a ``completion``. Raises InputError with file and line for what is malformed."""
    return [Pair(line.asked, line.completion) for line in _lines(file, _PairLine)]


def read_preferences(file: Path) -> list[Preference]:
    """Lines with ``chosen`` and ``rejected``, two different answers; raises as above."""
    found = _lines(file, _PreferenceLine)
    return [Preference(line.asked, line.chosen, line.rejected) for line in found]


def read_tasks(file: Path) -> list[Task]:
    """Lines with or without a ``completion``, which is then the reference; raises as above."""
    return [Task(line.asked, line.completion) for line in _lines(file, _TaskLine)]


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    role: Role
    content: _Text


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    prompt: _Text | None = None
    messages: Annotated[list[_Message], Field(min_length=1, max_length=1000)] | None = None

    @model_validator(mode="after")
    def _asks_once(self) -> _Line:
        if (self.prompt is None) == (self.messages is None):
            raise ValueError("it needs either 'prompt' or 'messages'")
        if self.messages is not None and self.messages[-1].role != "user":
            raise ValueError("its last message is not the user's")
        return self

    @property
    def asked(self) -> tuple[Message, ...]:
        if self.messages is None:
            return (Message("user", self.prompt or ""),)
        return tuple(Message(one.role, one.content) for one in self.messages)


class _PairLine(_Line):
    completion: _Text


class _TaskLine(_Line):
    completion: _Text | None = None


class _PreferenceLine(_Line):
    chosen: _Text
    rejected: _Text

    @model_validator(mode="after")
    def _prefers(self) -> _PreferenceLine:
        if self.chosen == self.rejected:
            raise ValueError("'chosen' and 'rejected' are the same")
        return self


_Kind = TypeVar("_Kind", bound=_Line)


def _lines(file: Path, kind: type[_Kind]) -> list[_Kind]:
    try:
        found = [_read(file, number, line, kind) for number, line in _raw(file) if line.strip()]
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
    if not found:
        raise InputError(f"'{file}' is empty: there is nothing to learn from.")
    return found


def _raw(file: Path) -> Iterator[tuple[int, bytes]]:
    with file.open("rb") as stream:
        number = 0
        while line := stream.readline(_LONGEST_LINE + 1):
            number += 1
            if len(line) > _LONGEST_LINE:
                raise InputError(
                    f"'{file}' line {number} has more than {_LONGEST_LINE:,} bytes: shorten it."
                )
            yield number, line


def _read(file: Path, number: int, line: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        why = first["msg"].removeprefix("Value error, ")
        said = f"{json.dumps(where)}: {why}" if where else why
        raise InputError(f"'{file}' line {number} is malformed ({said}): mend it.") from error
