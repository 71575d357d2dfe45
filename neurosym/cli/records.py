"""Records in a file: one JSON object, an array, JSON Lines, or plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeVar

from neurosym.cli import streams
from provers.errors import InputError

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that is none: its place in the input, and what is wrong."""

    id: str
    line: int
    error: str


def read(
    name: str,
    data: bytes,
    of_json: Callable[[Any, str], Record],
    of_text: Callable[[str], Record],
) -> tuple[Iterator[Record | Bad], bool]:
    """The records of a file, and whether they are many (JSON Lines or an array).

    ``of_json`` makes a record of parsed JSON, with the id to use where it has none, ``of_text``
    of a whole plain text. What they raise is one ``Bad`` record among many.

    Raises InputError for what cannot be decoded or parsed, and for a bad record that is the only
    one.
    """
    described = streams.described(name)
    kind = PurePath(name).suffix.lower()
    if kind in (".jsonl", ".ndjson") or (kind != ".json" and streams.looks_like_json_lines(data)):
        return _from_lines(data, of_json), True
    text = streams.decode(data, described)
    begins_as_json = data.lstrip().startswith(b"{") and kind not in (".txt", ".md")
    if kind == ".json" or begins_as_json:
        parsed = streams.parse_json(text, described)
        if isinstance(parsed, list):
            return (_or_bad(one, i, i, of_json) for i, one in enumerate(parsed, 1)), True
        return iter([of_json(parsed, "1")]), False
    return iter([of_text(text)]), False


def _from_lines(data: bytes, of_json: Callable[[Any, str], Record]) -> Iterator[Record | Bad]:
    for position, line in enumerate(streams.json_lines(data), 1):
        if line.error:
            yield Bad(str(position), line.number, line.error)
        else:
            yield _or_bad(line.data, position, line.number, of_json)


def _or_bad(
    data: Any, position: int, line: int, of_json: Callable[[Any, str], Record]
) -> Record | Bad:
    try:
        return of_json(data, str(position))
    except InputError as error:
        given = data.get("id") if isinstance(data, dict) else None
        return Bad(given if isinstance(given, str) else str(position), line, str(error))
