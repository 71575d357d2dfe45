"""Putting a proof where a ``sorry`` stands, as text, and writing the file at one stroke."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from provers.errors import InputError
from provers.lean.workbench import Gap, Place

_SORRY: Final = re.compile(r"sorry\b")
_OPENS: Final = re.compile(r"(?:\bby|=>|:=|·|\.)[ \t]*\Z")
_NOTHING: Final = re.compile(r"[ \t\r]*(?:--.*)?\Z")


def offset(text: str, place: Place) -> int:
    """The index in a text of a place that Lean names: its line from 1, its column from 0.

    Raises InputError for a place that the text does not have.
    """
    line, column = place
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if start == 0:
            raise InputError(f"the file has no line {line}: it changed meanwhile.")
    return start + column


def put(text: str, gap: Gap, proof: str) -> str:
    """The text with a proof, lines of tactics, in place of a ``sorry``.

    Line ends and indentation are those of the file. Raises InputError where there is no ``sorry``.
    """
    start = offset(text, gap.start)
    if not _SORRY.match(text, start):
        raise InputError(f"there is no sorry in line {gap.start[0]}: the file changed meanwhile.")
    stop = start + len("sorry")
    first = text.rfind("\n", 0, start) + 1
    before = text[first:start]
    end = text.find("\n", stop)
    behind = text[stop : len(text) if end < 0 else end]
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = proof.strip("\n").split("\n")
    free = _NOTHING.fullmatch(behind) is not None
    if gap.term:
        bare = free and re.search(r"(?::=|=>)[ \t]*\Z", before) is not None
        written = _block(lines, before, newline) if bare else f"(by {_line(lines)})"
        return text[:start] + (f"by{written}" if bare else written) + text[stop:]
    alone = not before.strip()
    if len(lines) == 1 and (alone or _OPENS.search(before)):
        written = lines[0]
    elif alone and free:
        written = f"{newline}{' ' * len(before)}".join(lines)
    elif free and re.search(r"(?:\bby|=>)[ \t]*\Z", before):
        cut = start - (len(before) - len(before.rstrip(" \t")))
        return text[:cut] + _block(lines, before, newline) + text[stop:]
    elif free and _OPENS.search(before):
        written = f"{newline}{' ' * len(before)}".join(lines)
    else:
        written = f"({_line(lines)})"
    return text[:start] + written + text[stop:]


def _line(lines: list[str]) -> str:
    return "; ".join(line.strip() for line in lines if line.strip())


def _block(lines: list[str], before: str, newline: str) -> str:
    """What follows a ``by`` or ``=>`` that ends its line: one tactic behind it, or lines below."""
    if len(lines) == 1:
        return f" {lines[0]}"
    indent = " " * (len(before) - len(before.lstrip(" \t")) + 2)
    return "".join(f"{newline}{indent}{line}" for line in lines)


def write(file: Path, text: str, expected: str) -> None:
    """Put a new text in place of the one that the file has, all or nothing.

    Whoever is killed on the way leaves the file as it was. Raises InputError where the file does
    not hold the ``expected`` text any more, or cannot be written.
    """
    try:
        if file.read_bytes() != expected.encode():
            raise InputError(f"'{file}' changed while it was worked on: nothing was written.")
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".new")
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as target:
                target.write(text.encode())
                target.flush()
                os.fsync(target.fileno())
            partial.chmod(file.stat().st_mode & 0o7777)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"'{file}' cannot be written ({error.strerror}).") from error
