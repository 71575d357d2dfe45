"""What a program that runs other people's code may do: its own files, and nothing else.

On Linux the kernel enforces it: Landlock for files, TCP ports and signals, and a filter of system
calls for sockets and processes. Elsewhere the program still has no inherited environment, a
scratch folder of its own and limits; ``describe`` says which of these it is.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from provers import confinement
from provers.process import MEGABYTE

VARIABLE = "NEUROSYM_SANDBOX"
FILE_MEGABYTES = 256
_PREFIX = "neurosym-scratch-"
_OLDEST_WITH = {"truncation of files": 3, "TCP ports": 4, "signals to other processes": 6}


@dataclass(frozen=True, slots=True)
class Box:
    """What a contained program may use besides the system's libraries and its scratch folder.

    ``read``: folders and files; ``run``: programs besides itself; ``write``: folders.
    ``address_megabytes`` caps its address space; 0 is for what reserves far more than it uses.
    """

    read: tuple[Path, ...] = ()
    run: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    address_megabytes: int = 0


def wanted() -> bool:
    """Whether programs are contained: ``NEUROSYM_SANDBOX=off`` is for those that cannot be.

    A ``lean`` that is a script around another program is one.
    """
    return os.environ.get(VARIABLE, "").lower() not in ("off", "0")


def contained(argv: Sequence[str], box: Box) -> list[str]:
    """The argument list that starts a program, named by its whole path, in its box.

    The current folder must be a scratch folder: empty, and this user's alone. The program takes
    the place of the one that is started, so it has its process number.
    """
    if not wanted():
        return list(argv)
    words = ["file-bytes", str(FILE_MEGABYTES * MEGABYTE)]
    words += ["address-bytes", str(box.address_megabytes * MEGABYTE)]
    for name, paths in (("read", box.read), ("run", box.run), ("write", box.write)):
        for path in paths:
            words += [name, str(path)]
    # Isolated and without site packages: nothing but the standard library runs before the program.
    return [sys.executable, "-I", "-S", confinement.__file__, *words, "--", *argv]


class Scratch:
    """An empty folder for one process, removed by ``close``, and by a later one if we are killed.

    A lock on the folder tells whether somebody still uses it.
    """

    def __init__(self) -> None:
        """Make it. Raises OSError if there can be none."""
        _sweep()
        while True:
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            # Until it is locked, another's sweep may take it for one that nobody uses.
            try:
                self._lock = os.open(self.path, os.O_RDONLY)
            except FileNotFoundError:
                continue
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if self.path.exists():
                return
            os.close(self._lock)

    @property
    def environment(self) -> dict[str, str]:
        """What leads a program there."""
        return {"HOME": str(self.path), "TMPDIR": str(self.path)}

    def close(self) -> None:
        """Remove it and all that is in it; may be called twice."""
        if self._lock >= 0:
            _remove(self.path)
            os.close(self._lock)
            self._lock = -1


def _remove(folder: Path) -> None:
    """Remove what a program left, whatever rights it took from its own folders."""
    for place, names, _ in os.walk(folder):
        for name in names:
            inner = Path(place, name)
            if not inner.is_symlink():
                inner.chmod(0o700)
    shutil.rmtree(folder)


def _sweep() -> None:
    """Remove the folders of this user's processes that were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        # It may be another's, or be removed while we look.
        with contextlib.suppress(OSError):
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if os.fstat(lock).st_uid == os.geteuid():
                    _remove(folder)
            finally:
                os.close(lock)


def describe() -> list[str]:
    """What is contained where Lean runs on this machine and what is not, a sentence each."""
    if not wanted():
        return [f"Lean is NOT contained: {VARIABLE} is {os.environ[VARIABLE]!r}."]
    version, filtered = confinement.landlock(), confinement.filters()
    said = [
        "Lean runs in processes with no inherited environment, in a scratch folder that is removed "
        f"afterwards, with limits on memory, time and files ({FILE_MEGABYTES} MB each)."
    ]
    if version:
        said.append(
            f"Files: Lean reads its own installation and the system's libraries, and writes its "
            f"scratch folder alone (Landlock {version})."
        )
        missing = [what for what, since in _OLDEST_WITH.items() if version < since]
        if filtered and "TCP ports" in missing:
            missing.remove("TCP ports")  # without sockets there are none
        if missing:
            said.append(f"Not contained, by this kernel's Landlock: {', '.join(missing)}.")
    else:
        said.append(
            "Files: NOT contained for a native Lean, since this system has no Landlock; the "
            "embedded Lean is held to its own folder by Node.js."
        )
    if filtered:
        said.append("Network and processes: no socket can be opened and no process started.")
    elif version >= _OLDEST_WITH["TCP ports"]:
        said.append(
            "Network: no TCP. NOT contained: other protocols, and starting processes, which "
            "are as contained as Lean is."
        )
    else:
        said.append("Network and processes: NOT contained for a native Lean on this system.")
    said.append(
        "Not contained: the total size of the scratch folder and the number of threads, but by "
        "the limits on time and memory."
    )
    return said
