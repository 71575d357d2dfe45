"""Folders of a training: its checkpoints, what was begun there, and a result that appears whole."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from provers.errors import InputError

NOTE: Final = "training.json"
_WHOLE: Final = "whole"  # in a checkpoint, once all else of it is written
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)
# How safetensors and PyTorch, which do not raise OSError, say that they could not write.
_UNWRITTEN: Final = re.compile(r"No space left|os error 28|PytorchStreamWriter|inline_container")


def checkpoints_of(out: Path) -> Path:
    """Where the checkpoints of a training into ``out`` lie."""
    return out.with_name(f"{out.name}.checkpoints")


def is_free(out: Path, mark: str = "config.json") -> None:
    """Raise InputError where ``out`` holds what is no model's folder."""
    if out.exists() and not (out / mark).is_file():
        raise InputError(f"'{out}' holds something else: name another folder.")


def begin(folder: Path, told: Mapping[str, Any]) -> None:
    """Note in ``folder`` what is begun there.

    Raises InputError where something else was, or where the folder cannot be written.
    """
    note = folder / NOTE
    if note.is_file():
        if note.read_text(encoding="utf-8") != json.dumps(told):
            raise InputError(
                f"another training was begun in '{folder}': remove that, or name another folder."
            )
        return
    try:
        shutil.rmtree(folder, ignore_errors=True)  # begun, and nothing is known of it
        folder.mkdir(parents=True)
        fresh = folder / f"{NOTE}.partial"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.rename(note)
    except OSError as error:
        if error.errno in _FULL:  # told by ``room``
            raise
        raise InputError(
            f"'{folder}' cannot be written: {error.strerror}; name another folder."
        ) from error


def begun(folder: Path) -> dict[str, Any]:
    """What was noted there."""
    found: dict[str, Any] = json.loads((folder / NOTE).read_text(encoding="utf-8"))
    return found


def finish(checkpoint: Path) -> None:
    """Mark a checkpoint as written to its end."""
    (checkpoint / _WHOLE).touch()


def last_checkpoint(folder: Path) -> Path | None:
    """The newest whole checkpoint; those that were still being written are removed."""
    whole = []
    for place in folder.glob("checkpoint-*"):
        if (place / _WHOLE).is_file():
            whole.append(place)
        else:
            shutil.rmtree(place)
    return max(whole, key=lambda place: int(place.name.rpartition("-")[2]), default=None)


@contextlib.contextmanager
def appearing(out: Path) -> Iterator[Path]:
    """A folder to write into, which takes the place of ``out`` once all is written."""
    partial = out.with_name(f"{out.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    yield partial
    if out.exists():
        shutil.rmtree(out)
    partial.rename(out)


@contextlib.contextmanager
def room(out: Path) -> Iterator[None]:
    """Turn a full disk into InputError; what was being written is removed, what was whole stays."""
    try:
        yield
    except Exception as error:
        number = getattr(error, "errno", None)
        if number not in _FULL and not _UNWRITTEN.search(str(error)):
            raise
        shutil.rmtree(out.with_name(f"{out.name}.partial"), ignore_errors=True)
        last_checkpoint(checkpoints_of(out))
        raise InputError(
            f"'{out}' could not be written, the disk is full: make room and begin again; what was "
            "whole is kept."
        ) from error


def digest(data: object) -> str:
    """SHA-256 of data's ``repr``, 64 hex digits."""
    return hashlib.sha256(repr(data).encode("utf-8", "surrogatepass")).hexdigest()


def digest_of_folder(folder: Path) -> str:
    """SHA-256 of the names and contents of a folder's files, 64 hex digits."""
    found = []
    for file in sorted(place for place in folder.iterdir() if place.is_file()):
        with file.open("rb") as stream:
            found.append((file.name, hashlib.file_digest(stream, "sha256").hexdigest()))
    return digest(found)
