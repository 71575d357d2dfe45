"""What the readers of JSON forms share: going through records, and taking fields from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from neurosym.runs.items import Answers, Item, Kind, Origin, bad_item
from neurosym.runs.readers.source import Source
from neurosym.verify.records import Record, record_of
from provers.errors import InputError

Fields: TypeAlias = Mapping[str, Any]

TRUE_FALSE_UNKNOWN = Answers(
    (("proved", "True"), ("refuted", "False"), ("independent", "Unknown")),
)
YES_NO = Answers((("proved", "yes"), ("refuted", "no"), ("independent", "no")))
_LETTER = re.compile(r"^\s*\(?([A-Z])[).:]\s*")


class MixedKindsError(InputError):
    """A file holds records of more than one kind; it is not read on."""


def items(
    source: Source,
    form: str,
    fits: Callable[[Any], bool],
    read: Callable[[Fields, str, Origin], Iterable[Item]],
    *,
    container: Any = None,
    kind: Kind = "verify",
) -> Iterator[Item]:
    """The items of a file, each record read by ``read(data, default id, origin)``.

    A record that cannot be read is an ill-formed item. Raises MixedKindsError at the first
    record that has another form, and where the file itself cannot be read.
    """
    container = container or source.sample().container
    for position, raw in enumerate(source.raws(container), 1):
        origin = Origin(str(source.path), raw.line, form)
        default = source.name if container == "object" else f"{source.name}-{position}"
        if raw.error:
            yield bad_item(default, origin, raw.error, kind)
        elif not fits(raw.data):
            rival = source.rival(raw.data)
            if rival is not None and rival != form:
                raise MixedKindsError(
                    f"{source.described} mixes kinds: the record on line {raw.line} is {rival}, "
                    f"those before it are {form}; give each kind a file of its own."
                )
            reason = f"the record does not have the fields of {form}."
            yield bad_item(_given(raw.data) or default, origin, reason, kind)
        else:
            try:
                yield from read(raw.data, default, origin)
            except MixedKindsError:
                raise
            except InputError as error:
                yield bad_item(_given(raw.data) or default, origin, str(error), kind)


def whole_or_items(
    source: Source,
    form: str,
    fits: Callable[[Any], bool],
    read: Callable[[Fields, str, Origin], Iterable[Item]],
    whole: Callable[[str, str, str | None, Origin], Item],
) -> Iterator[Item]:
    """One item for a file of formal text, ``whole(id, text, status, origin)``, else its ``items``.

    Raises as ``items`` does.
    """
    container = source.sample().container
    if container == "text":
        origin = Origin(str(source.path), 1, form)
        return iter([whole(source.name, source.text(), None, origin)])
    return items(source, form, fits, read, container=container, kind="prove")


def has(data: Any, *fields: str) -> bool:
    """Whether the data is an object with all of the fields."""
    return isinstance(data, dict) and all(field in data for field in fields)


def text(data: Fields, *fields: str) -> str:
    """The text in the first of the fields that is there.

    Raises InputError where there is none, or it is no text.
    """
    for field in fields:
        if data.get(field) is not None:
            value = data[field]
            if not isinstance(value, str):
                raise InputError(f"the field '{field}' is not a string.")
            return value
    raise InputError(f"the field '{fields[0]}' is missing.")


def texts(data: Fields, *fields: str) -> tuple[str, ...]:
    """The texts in the first of the fields that is there; a text is divided into its lines.

    Raises InputError as ``text``.
    """
    for field in fields:
        match data.get(field):
            case None:
                continue
            case str(value):
                return tuple(line.strip() for line in value.split("\n") if line.strip())
            case [*values] if all(isinstance(value, str) for value in values):
                return tuple(values)
            case _:
                raise InputError(f"the field '{field}' is not a list of strings.")
    raise InputError(f"the field '{fields[0]}' is missing.")


def optional(data: Fields, *fields: str) -> str | None:
    """As ``text``, None where none of the fields is there; a number or truth value is written."""
    for field in fields:
        value = data.get(field)
        if isinstance(value, bool | int | float | str):
            return str(value)
    return None


def identity(data: Fields, default: str, *fields: str) -> str:
    """The record's own id, in the first of the fields that holds one."""
    for field in ("id", *fields):
        value = data.get(field)
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, int) and not isinstance(value, bool) and field == "id":
            return str(value)
    return default


def reasoning(id: str, data: dict[str, Any]) -> Record:
    """A record to verify. Raises InputError that says what is wrong with it."""
    return record_of({key: value for key, value in data.items() if value is not None}, id)


def letter(option: str) -> str:
    """The letter of an option such as ``B) False``; empty where it has none."""
    found = _LETTER.match(option)
    return found[1] if found else ""


def _given(data: Any) -> str | None:
    given = data.get("id") if isinstance(data, dict) else None
    return str(given) if isinstance(given, str | int) and not isinstance(given, bool) else None
