"""What comes in and goes out: files and standard input, JSON lines, and people's tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from provers.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

MAX_FILE = 256 * 1024 * 1024
MAX_LINE = 4 * 1024 * 1024


class ClosedOutputError(Exception):
    """Whoever read standard output has gone."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a JSON Lines file: its number, and its data or what is wrong with it."""

    number: int
    data: Any = None
    error: str = ""


def read_bytes(file: str) -> bytes:
    """All of a file, or of standard input for ``-``.

    Raises InputError for what cannot be read, is empty, too large, or binary.
    """
    name = described(file)
    if file == "-":
        data = _read(sys.stdin.buffer, name)
    else:
        path = Path(file)
        try:
            if path.is_dir():
                raise InputError(f"{name} is a folder; give a file.")
            with path.open("rb") as stream:
                data = _read(stream, name)
        except FileNotFoundError as error:
            raise InputError(f"{name} does not exist.") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{name} cannot be read: {reason}.") from error
    if not data.strip():
        raise InputError(f"{name} is empty.")
    if b"\0" in data[:65536]:
        raise InputError(f"{name} is a binary file; give text, JSON or JSON Lines.")
    return data


def _read(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise InputError(f"{name} is larger than {MAX_FILE >> 20} MB; divide it.")
    return data


def described(file: str) -> str:
    """What to call an input in a sentence."""
    return "standard input" if file == "-" else f"'{file}'"


def decode(data: bytes, name: str) -> str:
    """The text of UTF-8 bytes. Raises InputError that says where they are not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{name} is not UTF-8 text: line {line}, byte {error.start}; convert it to UTF-8."
        ) from error


def parse_json(text: str, name: str) -> Any:
    """The data of JSON text. Raises InputError that says where it is not JSON."""
    try:
        data = json.loads(text)
        if "\\u" in text:
            json.dumps(data, ensure_ascii=False).encode()
        return data
    except UnicodeEncodeError as error:
        raise InputError(f"{name} holds half of a surrogate pair, which is no text.") from error
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply.") from error
    except ValueError as error:  # an integer with too many digits
        raise InputError(f"{name} cannot be read as JSON: {error}.") from error


def json_lines(data: bytes) -> Iterator[Line]:
    """The lines of JSON Lines; one that cannot be read is an error of its own. Blank ones are
    skipped.
    """
    for number, raw in enumerate(data.split(b"\n"), 1):
        if not raw.strip():
            continue
        if len(raw) > MAX_LINE:
            yield Line(number, error=f"longer than {MAX_LINE >> 20} MB")
            continue
        try:
            yield Line(number, parse_json(decode(raw, "the line"), "the line"))
        except InputError as error:
            yield Line(number, error=str(error))


def looks_like_json_lines(data: bytes) -> bool:
    """Whether the first line is a whole JSON object and more lines follow it."""
    first, _, rest = data.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.strip() or len(first) > MAX_LINE:
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def print_json(data: Any, *, pretty: bool = False) -> None:
    """One JSON document on standard output; on one line unless ``pretty``."""
    text = json.dumps(data, ensure_ascii=False, indent=2 if pretty else None)
    print_line(text)


def print_line(text: str) -> None:
    """A line on standard output, at once. Raises ClosedOutputError."""
    try:
        # Half of a surrogate pair, which JSON can hold, is no text that can be written.
        sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ClosedOutputError from error


def console() -> Console:
    """The console for people, on standard output; printing raises ClosedOutputError."""
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            raise ClosedOutputError

    return Output(highlight=False)


def shown(text: str, limit: int = 600) -> str:
    """The text for a terminal: cut after ``limit`` characters, and unable to control it."""
    text = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return "".join(c if c.isprintable() or c == "\n" else " " if c == "\t" else "�" for c in text)
