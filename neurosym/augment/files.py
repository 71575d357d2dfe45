"""Examples in a file: JSON Lines, one example a line.

A line is an object with the keys

``id``, ``kind``      strings; no two lines of a file have the same ``id``
``seed``, ``changes`` the lineage: a string, and a list of strings
``premises``          a list of objects with ``text`` (English) and ``formula``
``claim``             such an object
``declarations``      the sorts and symbols of all formulas, as SMT-LIB commands
``label``             ``proved``, ``refuted``, ``independent`` or ``inconsistent``
``context``, ``reason`` strings, and ``facts``, an object; empty where they are left out

Formulas are SMT-LIB terms, as ``neurosym.augment.formulas`` writes them.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from neurosym.augment import formulas
from neurosym.augment.base import Example, Lineage, Statement
from provers.base import Outcome
from provers.errors import InputError

_LONGEST_LINE: Final = 4 * 1024 * 1024  # bytes
_Name = Annotated[str, Field(min_length=1, max_length=1000)]
_Text = Annotated[str, Field(max_length=1_000_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Statement(_Strict):
    text: _Text
    formula: _Text


class _Line(_Strict):
    id: _Name
    kind: _Name
    seed: _Name
    changes: Annotated[list[_Text], Field(max_length=10_000)] = []
    premises: Annotated[list[_Statement], Field(max_length=10_000)]
    claim: _Statement
    declarations: _Text
    label: Literal["proved", "refuted", "independent", "inconsistent"]
    context: _Text = ""
    reason: _Text = ""
    facts: dict[str, Any] = {}


def write_example(example: Example) -> str:
    """One line of the file, with its end.

    Raises InputError, with the example's id, for formulas that cannot be written, facts that are
    no JSON, text that is no Unicode, and a label that is none.
    """
    try:
        return _written(example)
    except InputError as error:
        raise InputError(f"The example {example.id!r} cannot be written: {error}") from error


def _written(example: Example) -> str:
    written = formulas.write([*(one.formula for one in example.premises), example.claim.formula])
    *premises, claim = written.terms
    texts = [one.text for one in example.premises]
    line = {
        "id": example.id,
        "kind": example.kind,
        "seed": example.lineage.seed,
        "changes": list(example.lineage.changes),
        "premises": [
            {"text": text, "formula": formula}
            for text, formula in zip(texts, premises, strict=True)
        ],
        "claim": {"text": example.claim.text, "formula": claim},
        "declarations": written.declarations,
        "label": str(example.label),
        "context": example.context,
        "reason": example.reason,
        "facts": dict(example.facts),
    }
    try:
        text = json.dumps(line, ensure_ascii=False, allow_nan=False)
        size = len(text.encode("utf-8"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"its text or facts are no JSON ({error}).") from error
    if size > _LONGEST_LINE:
        raise InputError(f"it takes more than {_LONGEST_LINE:,} bytes.")
    try:
        _Line.model_validate_json(text)
    except ValidationError as error:
        raise InputError(f"{_why(error)}.") from error
    return text + "\n"


def write_examples(file: Path, examples: Iterable[Example]) -> int:
    """Write a file of examples, which appears whole or not at all; how many they are.

    Raises InputError for what ``write_example`` refuses, for two examples of one id, and where
    the file cannot be written.
    """
    partial = file.with_name(f"{file.name}.partial")
    seen: set[str] = set()
    try:
        with partial.open("w", encoding="utf-8", newline="\n") as stream:
            for example in examples:
                if example.id in seen:
                    raise InputError(f"Two examples have the id {example.id!r}: rename one.")
                seen.add(example.id)
                stream.write(write_example(example))
        partial.replace(file)
    except OSError as error:
        raise InputError(f"'{file}' cannot be written: {error.strerror}.") from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
    return len(seen)


def read_examples(file: Path) -> Iterator[Example]:
    """The examples of a file, in order.

    Raises InputError, with file and line, for a file that cannot be read, a line that is no
    example, and an id that was there before.
    """
    seen: dict[str, int] = {}
    try:
        with file.open("rb") as stream:
            number = 0
            while raw := stream.readline(_LONGEST_LINE + 1):
                number += 1
                if len(raw) > _LONGEST_LINE:
                    raise InputError(
                        f"'{file}' line {number} has more than {_LONGEST_LINE:,} bytes: shorten it."
                    )
                if not raw.strip():
                    continue
                example = _example(file, number, raw)
                if example.id in seen:
                    raise InputError(
                        f"'{file}' line {number} has the id {example.id!r} of line "
                        f"{seen[example.id]}: rename one."
                    )
                seen[example.id] = number
                yield example
    except OSError as error:
        raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error


def _example(file: Path, number: int, raw: bytes) -> Example:
    try:
        line = _Line.model_validate_json(raw)
        terms = (*(one.formula for one in line.premises), line.claim.formula)
        *premises, claim = formulas.read(formulas.Written(line.declarations, terms))
    except (ValidationError, InputError) as error:
        why = _why(error) if isinstance(error, ValidationError) else str(error)
        raise InputError(f"'{file}' line {number} is no example ({why}): mend it.") from error
    return Example(
        line.id,
        line.kind,
        Lineage(line.seed, tuple(line.changes)),
        tuple(
            Statement(one.text, formula)
            for one, formula in zip(line.premises, premises, strict=True)
        ),
        Statement(line.claim.text, claim),
        Outcome(line.label),
        line.context,
        line.reason,
        line.facts,
    )


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))
    return f"{json.dumps(where)}: {first['msg']}" if where else str(first["msg"])
