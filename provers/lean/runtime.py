"""Where the background process and its clients meet, and how each knows that the other fits."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
import socket
import stat
from pathlib import Path

from provers.errors import BrokenToolError
from provers.lean.folders import cache, sources

OFF = "NEUROSYM_NO_DAEMON"
IDLE = "NEUROSYM_DAEMON_IDLE"
IDLE_SECONDS = 900.0
# How the start of the process ends, where it cannot be started: a tool is missing, or broken.
MISSING = 3
BROKEN = 4
_PROTOCOL = 1  # counted up when messages change: a process may be older than its files
_LONGEST_PATH = 100  # a socket's name has 104 or 108 bytes, by system
# What decides which Lean is found, where, and how it is run.
_VARIABLES = (
    "NEUROSYM_LEAN",
    "NEUROSYM_SANDBOX",
    "NEUROSYM_CACHE",
    "XDG_CACHE_HOME",
    "ELAN_HOME",
    "HOME",
)
_BESIDE = ("base.py", "children.py", "confinement.py", "errors.py", "process.py", "sandbox.py")


def wanted() -> bool:
    """Whether there may be a background process: not switched off, and sockets as we need them."""
    if os.environ.get(OFF, "") not in ("", "0"):
        return False
    return hasattr(socket, "AF_UNIX") and len(os.fsencode(socket_file())) <= _LONGEST_PATH


def folder() -> Path:
    """The folder for the socket, the lock and the log; ``secure`` looks whether it is safe."""
    base = os.environ.get("XDG_RUNTIME_DIR", "")
    if base and _usable(Path(base)):
        return Path(base) / "neurosym"
    return cache() / "run"


def _usable(base: Path) -> bool:
    """Whether it is what its name promises; sudo, for one, can leave another user's."""
    try:
        return base.is_absolute() and not _flaw(base)
    except OSError:
        return False


def socket_file() -> Path:
    return folder() / "lean.sock"


def lock_file() -> Path:
    return folder() / "lean.lock"


def log_file() -> Path:
    return folder() / "lean.log"


def idle_seconds() -> float:
    """How long the background process stays without work.

    Raises BrokenToolError if the variable for it is no number of seconds.
    """
    text = os.environ.get(IDLE, "")
    try:
        seconds = float(text) if text else IDLE_SECONDS
    except ValueError:
        seconds = -1.0
    if not 0 < seconds < 1e9:
        raise BrokenToolError(f"{IDLE} is {text!r}, which is no number of seconds: correct it.")
    return seconds


# --- safety --------------------------------------------------------------------------------


def create() -> None:
    """Make the folder if it is not there, for this user alone.

    Raises BrokenToolError if it cannot be made or is not safe.
    """
    place = folder()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise BrokenToolError(
            f"{place} cannot be made ({error.strerror}): make its folder writable, "
            f"or set {OFF}=1 to do without a background process."
        ) from error
    secure()


def secure() -> bool:
    """Whether the folder is there; it is then this user's, and no one else can use it.

    Raises BrokenToolError if it is another's or open to others.
    """
    place = folder()
    try:
        flaw = _flaw(place)
    except FileNotFoundError:
        return False
    if flaw:
        raise BrokenToolError(f"{place} {flaw}: delete it, or set {OFF}=1.")
    return True


def _flaw(place: Path) -> str:
    """What is wrong with a folder; empty if nothing is. Raises FileNotFoundError."""
    facts = place.lstat()
    if not stat.S_ISDIR(facts.st_mode):
        return "is not a folder"
    return _open_to_others(facts)


def _open_to_others(facts: os.stat_result) -> str:
    if facts.st_uid != os.geteuid():
        return "belongs to another user"
    if facts.st_mode & 0o077:
        return "can be used by other users"
    return ""


def secure_socket() -> bool:
    """Whether there is a socket file, in a safe folder, that only this user can use.

    Raises BrokenToolError if it is another's, open to others, or something else.
    """
    if not secure():
        return False
    file = socket_file()
    try:
        facts = file.lstat()
    except FileNotFoundError:
        return False
    flaw = _open_to_others(facts) if stat.S_ISSOCK(facts.st_mode) else "is not a socket"
    if flaw:
        raise BrokenToolError(f"{file} {flaw}: delete it, or set {OFF}=1.")
    return True


# --- identity ------------------------------------------------------------------------------


def identity() -> str:
    """The same for two processes exactly if they have the same code and find the same Lean.

    The code is that in the files when they were first read, or when ``fits`` read them again.

    Raises BrokenToolError if they cannot be read.
    """
    digest = hashlib.sha256(f"{_PROTOCOL} {_sources()}".encode())
    for variable in _VARIABLES:
        digest.update(f"{variable}={os.environ.get(variable, '')}\n".encode(errors="replace"))
    elan = Path(os.environ.get("ELAN_HOME") or Path.home() / ".elan")
    for file in (shutil.which("lean"), elan / "settings.toml", elan / "toolchains"):
        digest.update(f"{file} {_changed(file)}\n".encode(errors="replace"))
    return digest.hexdigest()[:32]


def fits(other: str) -> bool:
    """Whether another's identity is ours, or that of what was installed since we started.

    The latter would be started again and again if it did not do.
    """
    if identity() == other:
        return True
    _sources.cache_clear()
    return identity() == other


def _changed(file: str | Path | None) -> int:
    try:
        return 0 if file is None else Path(file).stat().st_mtime_ns
    except OSError:  # it is not there, which is an answer too
        return 0


@functools.cache
def _sources() -> str:
    """Names the code in the files: Python's, the glue's and Lean's."""
    here = Path(__file__).parent
    lean = sources()
    files = [*here.glob("*.py"), *here.glob("*.js"), *(here.parent / name for name in _BESIDE)]
    files += [*lean.glob("*.lean"), *(lean / "NeuroSym").rglob("*.lean")]
    digest = hashlib.sha256()
    for file in sorted(files):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise BrokenToolError(
                f"{file} cannot be read ({error.strerror}): install neurosym again."
            ) from error
        digest.update(f"{file.name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()
