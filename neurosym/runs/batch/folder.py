"""A run's folder: manifest, ledger, progress and at the end results; one coordinator at a time."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from neurosym.runs import keys
from neurosym.runs.batch import manifest as manifests
from neurosym.runs.batch.base import Configuration
from neurosym.runs.batch.ledger import Ledger
from neurosym.runs.batch.manifest import Manifest
from provers.errors import BrokenToolError, InputError

MANIFEST: Final = "manifest.json"
LEDGER: Final = "run.db"
PROGRESS: Final = "progress.json"
RESULTS: Final = "results.jsonl"
_LOCK: Final = "lock"
_OURS: Final = frozenset({LEDGER, f"{LEDGER}-wal", f"{LEDGER}-shm", PROGRESS, _LOCK, RESULTS})


class RunFolder:
    """A folder that holds a run, or will."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    # --- reading -----------------------------------------------------------------------------

    @property
    def begun(self) -> bool:
        return (self.path / MANIFEST).is_file()

    def manifest(self) -> Manifest:
        """Raises InputError where the folder holds no run, or one of a newer neurosym."""
        if not self.path.is_dir():
            raise InputError(f"there is no folder '{self.path}'.")
        if not self.begun:
            raise InputError(f"the folder '{self.path}' holds no run: it has no {MANIFEST}.")
        return Manifest.read(self.path / MANIFEST)

    def ledger(self) -> Ledger:
        """The run's ledger, for the caller to close.

        Raises InputError and BrokenToolError as ``open_database``.
        """
        return Ledger.open(self.path / LEDGER)

    def progress(self) -> dict[str, Any]:
        """What the coordinator said last; empty where it never said anything."""
        try:
            found = json.loads((self.path / PROGRESS).read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise BrokenToolError(f"'{self.path / PROGRESS}' cannot be read: {error}.") from error
        return found if isinstance(found, dict) else {}

    @property
    def running(self) -> bool:
        """Whether a coordinator works on it at this moment."""
        try:
            handle = os.open(self.path / _LOCK, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    # --- writing -----------------------------------------------------------------------------

    def begin(
        self, inputs: Sequence[str], configuration: Configuration, *, other_versions: bool = False
    ) -> Manifest:
        """The manifest of the run in this folder: a new one, or the one to be gone on with.

        ``inputs`` may be empty to go on with a run. Raises InputError where the folder holds
        something else, another run, or one that cannot be gone on with.
        """
        if not self.begun:
            self._claim()
            manifest = manifests.build(inputs, configuration)
            self.write(MANIFEST, manifest.model_dump_json(indent=2))
            return manifest
        manifest = self.manifest()
        if inputs and tuple(inputs) != manifest.inputs:
            raise InputError(
                f"'{self.path}' holds another run, of {', '.join(manifest.inputs)}: give another "
                "folder."
            )
        manifests.check(manifest, configuration, self.path)
        changed = manifests.changed_versions(manifest)
        if not changed:
            return manifest
        if not other_versions:
            name, (then, now) = next(iter(changed.items()))
            raise InputError(
                f"'{self.path}' was begun with {name} {then or '(none)'}, and here is "
                f"{now or 'none'}: give another folder, or --other-versions to mix them."
            )
        others = (*manifest.others, keys.tool_versions())
        manifest = manifest.model_copy(update={"others": others})
        self.write(MANIFEST, manifest.model_dump_json(indent=2))
        return manifest

    def _claim(self) -> None:
        """Make the folder. Raises InputError where something of another kind lies in it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            there = {entry.name for entry in self.path.iterdir()} - _OURS
        except OSError as error:
            raise InputError(
                f"the folder '{self.path}' cannot be used: {error.strerror}."
            ) from error
        if there:
            raise InputError(
                f"the folder '{self.path}' holds something else ({min(there)}): give a new one."
            )

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one coordinator, for as long as its process lives at most.

        Raises InputError where another has it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise InputError(
                f"the folder '{self.path}' cannot be used: {error.strerror}."
            ) from error
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InputError(
                    f"another process works on the run in '{self.path}': wait for it, or stop it."
                ) from error
            yield
        finally:
            os.close(handle)

    def write(self, name: str, text: str) -> None:
        """Write a file of the folder, whole or not at all. Raises BrokenToolError."""
        with self.writing(name) as stream:
            stream.write(text.encode())

    @contextlib.contextmanager
    def writing(self, name: str) -> Iterator[Any]:
        """A binary stream to a file that is there only when all is written.

        Raises BrokenToolError where it cannot be written.
        """
        target = self.path / name
        part = target.with_name(f".{name}.part")
        try:
            with part.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink()
            raise BrokenToolError(f"'{target}' cannot be written: {error.strerror}.") from error
