"""A run's manifest: which inputs, by their hashes, which versions and which configuration."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from neurosym.runs import inputs as files
from neurosym.runs import keys
from neurosym.runs.batch.base import Configuration
from neurosym.runs.survey import survey
from neurosym.verify.records import explain
from provers.errors import BrokenToolError, InputError

FORMAT: Final = 1
_CHUNK: Final = 1 << 20


class InputFile(BaseModel):
    """A file that is worked on: the input it was found in, its form, hash and size in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    given: str
    file: str
    form: str
    sha256: str
    bytes: int


class Manifest(BaseModel):
    """What decides the results of a run; written before its first attempt and never changed.

    ``inputs`` are the files and folders that were given, ``records`` how many problems they hold,
    ``bad`` of which cannot be read. ``others`` are the versions under which it was resumed, where
    those differ and the user said that this is all right.
    """

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    created: str
    inputs: tuple[str, ...]
    files: tuple[InputFile, ...]
    records: int
    bad: int
    configuration: Configuration
    versions: dict[str, str]
    others: tuple[dict[str, str], ...] = ()

    @classmethod
    def read(cls, file: Path) -> Manifest:
        """Raises InputError for what is no manifest, or one of a newer neurosym."""
        try:
            manifest = cls.model_validate_json(file.read_bytes())
        except ValidationError as error:
            raise InputError(f"'{file}' is no manifest of a run: {explain(error)}") from error
        except OSError as error:
            raise InputError(f"'{file}' cannot be read: {error.strerror}.") from error
        if manifest.format > FORMAT:
            raise InputError(
                f"'{file.parent}' was written by a newer neurosym (format {manifest.format}): "
                "update neurosym."
            )
        return manifest


def build(inputs: Sequence[str], configuration: Configuration) -> Manifest:
    """The manifest of a new run over the inputs, which are read through once.

    Raises InputError as ``runs.inputs.items``: what cannot be worked on is said before hours go
    into what can.
    """
    found = survey(inputs)
    records = sum(part.items for part in found.parts)
    if not records:
        raise InputError("the inputs hold no problems: see 'neurosym batch inspect'.")
    return Manifest(
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        inputs=tuple(inputs),
        files=tuple(hashed(inputs)),
        records=records,
        bad=sum(part.bad for part in found.parts),
        configuration=configuration,
        versions=keys.tool_versions(),
    )


def hashed(inputs: Sequence[str]) -> Iterator[InputFile]:
    """The files of the inputs with their hashes, in order. Raises InputError as ``recognised``."""
    for one in files.recognised(inputs):
        if isinstance(one, files.Recognised):
            digest, size = _digest(one.source.path)
            yield InputFile(
                given=one.given,
                file=str(one.source.path),
                form=one.reader.FORM,
                sha256=digest,
                bytes=size,
            )


def _digest(path: Path) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise InputError(f"'{path}' cannot be read: {error.strerror}.") from error
    return digest.hexdigest(), size


def check(manifest: Manifest, configuration: Configuration, folder: Path) -> None:
    """Make sure that a run may be gone on with: its inputs are as they were, and so is the rest.

    Raises InputError that says what differs.
    """
    before, now = manifest.configuration.model_dump(), configuration.model_dump()
    differing = [name for name in before if before[name] != now[name]]
    if differing:
        name = differing[0]
        raise InputError(
            f"'{folder}' holds another run: its {name} is {before[name]!r}, not {now[name]!r}; "
            "give the same options to go on with it, or another folder."
        )
    if not manifest.inputs:
        raise BrokenToolError(f"The manifest in '{folder}' names no inputs.")
    was = {one.file: one.sha256 for one in manifest.files}
    is_ = {one.file: one.sha256 for one in hashed(manifest.inputs)}
    for file in [*was, *is_]:
        if was.get(file) != is_.get(file):
            how = "is new" if file not in was else "is gone" if file not in is_ else "has changed"
            raise InputError(
                f"'{folder}' cannot be gone on with: the input '{file}' {how} since the run "
                "began; put it back, or give another folder."
            )


def changed_versions(manifest: Manifest) -> dict[str, tuple[str | None, str | None]]:
    """The tools whose versions are none that the run had: then and now."""
    now = keys.tool_versions()
    if now in (manifest.versions, *manifest.others):
        return {}
    then = manifest.versions
    return {
        name: (then.get(name), now.get(name))
        for name in sorted(then.keys() | now.keys())
        if then.get(name) != now.get(name)
    }
