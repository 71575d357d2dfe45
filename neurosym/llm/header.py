"""What a GGUF file says of itself in front of its weights: enough to refuse a wrong or broken one.

The format is described in ggml's ``docs/gguf.md``. Nothing is believed: counts and lengths are
bounded, and reading beyond the end of the file is an error with a name.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provers.errors import InputError, ModelError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST_ENTRIES = 100_000
_MOST_ITEMS = 4_000_000  # the largest vocabularies have 260 thousand words and as many merges
_STRING, _ARRAY = 8, 9
_SCALARS = dict(zip((0, 1, 2, 3, 4, 5, 6, 7, 10, 11, 12), "BbHhIif?Qqd", strict=True))
_CONTROL = 3


@dataclass(frozen=True, slots=True)
class Header:
    """``context`` is the most tokens the model was trained for, where the file says it; ``marks``
    are the texts of its control tokens; ``template`` is its chat template, if it has one.
    """

    architecture: str
    context: int | None
    marks: tuple[str, ...]
    template: str | None


def read_header(path: Path) -> Header:
    """The header of a GGUF file.

    Raises InputError where there is no such file or it is no GGUF file, ModelError (``broken``)
    where it is one that is damaged, or shorter than its header says.
    """
    try:
        with path.open("rb") as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise InputError(f"{path} is not a GGUF file; give one, or a model's folder.")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _read(data)
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist; give a GGUF file.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    except (struct.error, ValueError, KeyError) as error:
        raise ModelError(
            f"{path} is damaged or cut off ({error}); fetch it again.", reason="broken"
        ) from error


def _read(data: mmap.mmap) -> Header:
    reader = _Reader(data, len(_MAGIC))
    version, tensors, entries = reader.scalar("I"), reader.scalar("Q"), reader.scalar("Q")
    if version not in _VERSIONS:
        raise ValueError(f"it has version {version} of the format")
    if max(tensors, entries) > _MOST_ENTRIES:
        raise ValueError("its header has too many entries")
    facts: dict[str, Any] = {}
    for _ in range(entries):
        name = reader.string()
        facts[name] = reader.value(reader.scalar("I"))
    last = 0
    for _ in range(tensors):
        reader.string()
        reader.skip(8 * reader.scalar("I") + 4)
        last = max(last, reader.scalar("Q"))
    if len(data) <= reader.place + last:
        raise ValueError(f"it has {len(data)} bytes and should have more")
    architecture = str(facts.get("general.architecture", ""))
    context = facts.get(f"{architecture}.context_length")
    template = facts.get("tokenizer.chat_template")
    return Header(
        architecture,
        context if isinstance(context, int) else None,
        tuple(_marks(facts)),
        template if isinstance(template, str) else None,
    )


def _marks(facts: dict[str, Any]) -> Iterator[str]:
    tokens = facts.get("tokenizer.ggml.tokens", [])
    kinds = facts.get("tokenizer.ggml.token_type", [])
    if isinstance(tokens, list) and isinstance(kinds, list):
        for token, kind in zip(tokens, kinds, strict=False):
            if kind == _CONTROL:
                yield str(token)


class _Reader:
    """Reads on from a place; everything is little-endian."""

    def __init__(self, data: mmap.mmap, place: int) -> None:
        self._data = data
        self.place = place
        self._items = 0

    def scalar(self, code: str) -> Any:
        form = f"<{code}"
        (value,) = struct.unpack_from(form, self._data, self.place)
        self.place += struct.calcsize(form)
        return value

    def string(self) -> str:
        size = self.scalar("Q")
        self.skip(size)
        return self._data[self.place - size : self.place].decode("utf-8", "replace")

    def skip(self, size: int) -> None:
        if size > len(self._data) - self.place:
            raise ValueError("it ends inside its header")
        self.place += size

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind != _ARRAY:
            return self.scalar(_SCALARS[kind])
        inner, count = self.scalar("I"), self.scalar("Q")
        self._items += count
        if self._items > _MOST_ITEMS:
            raise ValueError("its header is too long")
        if inner == _STRING:
            return [self.string() for _ in range(count)]
        form = f"<{count}{_SCALARS[inner]}"
        start = self.place
        self.skip(struct.calcsize(form))
        return list(struct.unpack_from(form, self._data, start))
