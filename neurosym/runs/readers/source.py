"""One file of an input: its text, or its records one after the other, in flat memory."""

from __future__ import annotations

import contextlib
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Literal, TypeAlias

from neurosym.runs.readers.arrays import elements
from provers.errors import InputError

MAX_LINE = 4 * 1024 * 1024
MAX_OBJECT = 256 * 1024 * 1024
MAX_DECOMPRESSED = 16 * 1024**3
HEAD = 256 * 1024
_MAGIC = b"\x1f\x8b"
_SAMPLED = 20

Container: TypeAlias = Literal["lines", "array", "object", "text"]


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as it stands in its file: line (from 1), and data or what is wrong with it."""

    line: int
    data: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning of a file, to tell its form by: its text, and its first record if any."""

    text: str
    container: Container
    record: Any = None


def _no_rival(_: Any) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """A file. ``name`` is what its records are called after: its path without the ending.

    ``rival`` names the form that a record has, where it is not the file's own.
    """

    path: Path
    name: str
    rival: Callable[[Any], str | None] = field(default=_no_rival, repr=False)
    limit: int = MAX_DECOMPRESSED

    @property
    def described(self) -> str:
        """What to call the file in a sentence."""
        return f"'{self.path}'"

    def sample(self) -> Sample:
        """The beginning of the file.

        Raises InputError for a file that is empty, binary, or cannot be read.
        """
        with self._open() as stream:
            head = stream.read(HEAD)
            if b"\0" in head:
                raise InputError(f"{self.described} is a binary file; give text or JSON.")
            if b"\n" not in head and head.lstrip().startswith(b"{"):
                head += stream.readline(MAX_LINE)
            whole = not stream.read(1)
        if not head.strip():
            raise InputError(f"{self.described} is empty.")
        if not whole:  # the last line, and the last character, may be cut
            head = head[: head.rfind(b"\n") + 1] or head
        text = head.decode("utf-8-sig", "replace")
        container, record = _contained(text)
        if container == "array":
            with contextlib.suppress(InputError):
                record = next((raw.data for raw in self.raws("array") if not raw.error), None)
        elif container == "object" and whole:
            with contextlib.suppress(ValueError, RecursionError):
                record = json.loads(text)
        elif container == "object":
            with contextlib.suppress(InputError):
                record = next(self.raws("object")).data
        return Sample(text, container, record)

    def text(self) -> str:
        """All of the text. Raises InputError for a file that is too large or not UTF-8."""
        with self._open() as stream:
            data = stream.read(MAX_OBJECT + 1)
        if len(data) > MAX_OBJECT:
            raise InputError(f"{self.described} is larger than {MAX_OBJECT >> 20} MB; divide it.")
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(
                f"{self.described} is not UTF-8 text: line {line}; convert it to UTF-8."
            ) from error

    def raws(self, container: Container) -> Iterator[Raw]:
        """The records of the file, as they come.

        One line that cannot be read is a ``Raw`` with an error. Raises InputError for a file that
        ends in the middle of a record, for an array or object that is not JSON, and as ``sample``.
        """
        match container:
            case "lines":
                yield from self._lines()
            case "array":
                with self._open() as stream:
                    for line, data in elements(stream, self.described, MAX_LINE):
                        yield Raw(line, data)
            case "object":
                yield Raw(1, _parsed(self.text(), self.described))
            case "text":
                raise InputError(f"{self.described} holds no JSON records.")

    def _lines(self) -> Iterator[Raw]:
        with self._open() as stream:
            number = 0
            while raw := stream.readline(MAX_LINE + 1):
                number += 1
                if len(raw) > MAX_LINE:
                    while raw and not raw.endswith(b"\n"):
                        raw = stream.readline(MAX_LINE)
                    yield Raw(number, error=f"the line is longer than {MAX_LINE >> 20} MB.")
                elif raw.strip():
                    yield self._line(number, raw)

    def _line(self, number: int, raw: bytes) -> Raw:
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError as error:
            return Raw(number, error=f"the line is not UTF-8 text (byte {error.start}).")
        try:
            return Raw(number, parse(text))
        except json.JSONDecodeError as error:
            if not raw.endswith(b"\n") and _cut(text, error):
                raise InputError(
                    f"{self.described} is truncated: line {number} ends in the middle of a record."
                ) from error
            return Raw(number, error=f"the line is not JSON: {error.msg} (column {error.colno}).")
        except ValueError as error:
            return Raw(number, error=f"the line cannot be read as JSON: {error}.")
        except RecursionError:
            return Raw(number, error="the line is nested too deeply.")

    @contextlib.contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        """The bytes of the file, decompressed where it is a gzip file, whatever its name."""
        try:
            with self.path.open("rb") as plain:
                packed = plain.read(2) == _MAGIC
                plain.seek(0)
                if packed:
                    with gzip.GzipFile(fileobj=plain) as stream:
                        yield _Bounded(stream, self.limit, self.described)  # type: ignore[misc, arg-type]
                else:
                    yield plain
        except FileNotFoundError as error:
            raise InputError(f"{self.described} does not exist.") from error
        except EOFError as error:
            raise InputError(
                f"{self.described} is truncated: its gzip stream ends early."
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise InputError(f"{self.described} is no sound gzip file: {error}.") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise InputError(f"{self.described} cannot be read: {reason}.") from error


@dataclass(slots=True)
class _Bounded:
    """A stream that ends in an error where it holds more than a number of bytes."""

    stream: IO[bytes]
    left: int
    described: str

    def read(self, size: int) -> bytes:
        return self._counted(self.stream.read(size))

    def readline(self, size: int) -> bytes:
        return self._counted(self.stream.readline(size))

    def _counted(self, data: bytes) -> bytes:
        self.left -= len(data)
        if self.left < 0:
            raise InputError(f"{self.described} decompresses to more than is read; divide it.")
        return data


def parse(text: str) -> Any:
    """The data of JSON text. Raises ValueError for what is none, or holds half a surrogate pair."""
    data = json.loads(text)
    if "\\u" in text:
        try:
            json.dumps(data, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            raise ValueError("it holds half of a surrogate pair, which is no text") from error
    return data


def stem(name: str) -> str:
    """A file's name without its endings: what its records are called after."""
    path = PurePosixPath(name)
    if path.suffix == ".gz":
        path = path.with_suffix("")
    return path.with_suffix("").as_posix() if path.suffix else path.as_posix()


def _parsed(text: str, described: str) -> Any:
    try:
        return parse(text)
    except json.JSONDecodeError as error:
        if _cut(text, error):
            raise InputError(f"{described} is truncated: it ends in the middle of a record.") from (
                error
            )
        raise InputError(
            f"{described} is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from error
    except ValueError as error:
        raise InputError(f"{described} cannot be read as JSON: {error}.") from error
    except RecursionError as error:
        raise InputError(f"{described} is nested too deeply.") from error


def _cut(text: str, error: json.JSONDecodeError) -> bool:
    """Whether JSON goes wrong only where it ends."""
    return error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")


def _contained(text: str) -> tuple[Container, Any]:
    """How a text holds its records, and the first one of JSON Lines."""
    start = text.lstrip()
    if start.startswith("["):
        return "array", None
    if not start.startswith("{"):
        return "text", None
    lines = [line for line in start.split("\n", _SAMPLED)[:_SAMPLED] if line.strip()]
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            return "lines", record
    return "object", None
