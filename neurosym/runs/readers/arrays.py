"""A JSON array of any length, element after element."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any

from provers.errors import InputError

_CHUNK = 64 * 1024
_NEAR = 16  # longer than any word of JSON, which may be cut where the chunk ends
_SPACE = " \t\r\n"


def elements(stream: IO[bytes], described: str, longest: int) -> Iterator[tuple[int, Any]]:
    """The elements of a JSON array with the line that each begins on.

    Raises InputError, which says where, for what is not JSON or not UTF-8, for an array that is
    truncated, and for an element of more than ``longest`` characters.
    """
    window = _Window(stream, described)
    if window.next() != "[":
        raise InputError(f"{described} is no JSON array.")
    window.skip()
    if window.next() == "]":
        return
    while True:
        window.next()
        line = window.line
        yield line, window.element(longest)
        mark = window.next()
        window.skip()
        if mark == "]":
            return
        if mark != ",":
            raise InputError(f"{described} is not JSON: a comma is missing on line {window.line}.")


class _Window:
    """The part of the text that is not read yet."""

    def __init__(self, stream: IO[bytes], described: str) -> None:
        self._stream = stream
        self._described = described
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text = ""
        self._at = 0
        self._ended = False
        self._json = json.JSONDecoder()
        self.line = 1

    def next(self) -> str:
        """The next character that is no space, which stays the next one."""
        while True:
            while self._at < len(self._text):
                character = self._text[self._at]
                if character not in _SPACE:
                    return character
                self.line += character == "\n"
                self._at += 1
            if self._ended:
                raise self._truncated()
            self._fill(_CHUNK)

    def skip(self) -> None:
        self._at += 1

    def element(self, longest: int) -> Any:
        size = _CHUNK
        while True:
            try:
                data, end = self._json.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                held = len(self._text) - self._at
                # What goes wrong well before the end of what was read stays wrong.
                near = 0 if self._ended else _NEAR
                end = len(self._text.rstrip())
                cut = error.msg.startswith("Unterminated") or error.pos >= end - near
                if not self._ended and cut and held <= longest:
                    self._fill(size)
                    size *= 2  # so that a long element is tried a few times only
                    continue
                if held > longest:
                    raise InputError(
                        f"{self._described}: the record on line {self.line} is too long."
                    ) from error
                if self._ended and cut:
                    raise self._truncated() from error
                line = self.line + self._text.count("\n", self._at, error.pos)
                raise InputError(
                    f"{self._described} is not JSON: {error.msg} (line {line})."
                ) from error
            except RecursionError as error:
                raise InputError(f"{self._described} is nested too deeply.") from error
            if end == len(self._text) and not self._ended:  # a number may go on
                self._fill(_CHUNK)
                continue
            self.line += self._text.count("\n", self._at, end)
            self._at = end
            return data

    def _fill(self, size: int) -> None:
        data = self._stream.read(size)
        self._ended = not data
        try:
            self._text = self._text[self._at :] + self._decode(data, self._ended)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self._described} is not UTF-8 text; convert it to UTF-8."
            ) from error
        self._at = 0

    def _truncated(self) -> InputError:
        return InputError(f"{self._described} is truncated: it ends inside its array.")
