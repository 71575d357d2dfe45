"""The inputs of a batch: files and folders, each file's form told by what is in it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from neurosym.runs.ids import Seen
from neurosym.runs.items import Item, bad_item
from neurosym.runs.readers import Reader, Source, form_of, recognise
from neurosym.runs.readers.source import MAX_DECOMPRESSED, Container, stem
from provers.errors import InputError

_NOT_ENTERED = frozenset({"build", "lake-packages", "node_modules", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Recognised:
    """A file with the reader of its form. ``given`` is the input that it was found in."""

    given: str
    source: Source
    reader: Reader
    container: Container


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that holds nothing to work on, and why."""

    given: str
    file: str
    reason: str


def items(inputs: Iterable[str], limit: int = MAX_DECOMPRESSED) -> Iterator[Item]:
    """The items of all inputs, in order, each with an id of its own.

    A record with the id of one before it is an ill-formed item that names the id. ``limit`` is
    the most bytes that a compressed file may hold. Raises InputError as ``recognised``, and where
    a file is truncated or mixes kinds, when that is reached.
    """
    seen = Seen()
    for found in recognised(inputs, limit):
        if isinstance(found, Recognised):
            yield from unique(found.reader.read(found.source), seen)


def recognised(
    inputs: Iterable[str], limit: int = MAX_DECOMPRESSED
) -> Iterator[Recognised | Skipped]:
    """The files of the inputs, in order, with the readers of their forms.

    Raises InputError for an input that is not there, is empty or binary, or has no known form,
    and for a folder without anything to work on.
    """
    given = list(inputs)
    if not given:
        raise InputError("no input: give files or folders.")
    stems = Counter(stem(Path(one).name) for one in given)
    for one in given:
        path = Path(one)
        if path.is_dir():
            yield from _in_folder(one, path, limit)
            continue
        name = stem(path.name)
        name = name if stems[name] == 1 else stem(path.as_posix())
        yield _file(one, Source(path, name, form_of, limit))


def _file(given: str, source: Source) -> Recognised:
    sample = source.sample()
    reader = recognise(sample)
    if reader is None:
        raise InputError(
            f"{source.described} has no known form: it is none of JSON records of a known set, "
            "Lean, TPTP and SMT-LIB."
        )
    return Recognised(given, source, reader, sample.container)


def _in_folder(given: str, folder: Path, limit: int) -> Iterator[Recognised | Skipped]:
    files = found = 0
    for path, name in _walk(folder, ""):
        files += 1
        try:
            one = _file(given, Source(path, name, form_of, limit))
        except InputError as error:
            yield Skipped(given, str(path), str(error))
            continue
        found += 1
        yield one
    if not files:
        raise InputError(f"the folder '{given}' is empty.")
    if not found:
        raise InputError(
            f"there is nothing to prove in the folder '{given}': none of its {files:,} files is "
            "a set of problems, Lean with a theorem, TPTP or SMT-LIB."
        )


def _walk(folder: Path, before: str) -> Iterator[tuple[Path, str]]:
    """The files below a folder in order, each with the name that its records get."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"the folder '{folder}' cannot be read: {error.strerror}.") from error
    stems = Counter(stem(entry.name) for entry in entries if entry.is_file())
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _NOT_ENTERED:
                yield from _walk(Path(entry.path), f"{before}{entry.name}/")
        elif entry.is_file():
            own = stem(entry.name)
            yield Path(entry.path), before + (own if stems[own] == 1 else entry.name)


def unique(found: Iterable[Item], seen: Seen) -> Iterator[Item]:
    """The items, where one with an id that was met before is ill-formed and says so."""
    return (_unique(item, seen) for item in found)


def _unique(item: Item, seen: Seen) -> Item:
    line = seen.add(item.id, item.origin.line)
    if line is None:
        return item
    number = 2
    while seen.add(f"{item.id}#{number}", item.origin.line) is not None:
        number += 1
    if item.ill_formed:
        return replace(item, id=f"{item.id}#{number}")
    reason = f"the id '{item.id}' is a duplicate: a record before it has it (line {line})."
    return bad_item(f"{item.id}#{number}", item.origin, reason, item.kind)
