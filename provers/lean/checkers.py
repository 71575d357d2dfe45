"""The one place that chooses how Lean is asked."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from provers.errors import BrokenToolError, NeurosymError
from provers.lean import client, runtime
from provers.lean.base import Checker
from provers.lean.client import DaemonClient

if TYPE_CHECKING:
    from provers.lean.embedded import Progress
    from provers.lean.toolchain import Toolchain

_LOOK_SECONDS = 0.5


def open_checker(
    *, daemon: bool = True, progress: Progress | None = None, megabytes: int = 0
) -> Checker:
    """A checker for the caller, who closes it; sets Lean up first where there is none.

    In a folder whose ``lean-toolchain`` asks for another Lean than the usual one, it has servers
    of that one. Else it asks the background process, unless ``daemon`` or the environment forbid
    one, or the system has no sockets for it; else it has servers of its own, each with
    ``megabytes`` of memory if that is more than they have anyway.

    Raises MissingToolError or BrokenToolError if Lean cannot be set up.
    """
    pinned = _pinned()
    if pinned is None and daemon and runtime.wanted():
        found = client.status()
        if found is None or not client.fits(found):
            _toolchain(progress)
        return DaemonClient()
    from provers.lean.pool import WORKER_MEGABYTES, Pool

    found_lean = pinned or _toolchain(progress)
    return Pool(found_lean, megabytes=max(WORKER_MEGABYTES, megabytes))


def set_up(
    *, project: Path | None = None, offline: bool = False, progress: Progress | None = None
) -> Toolchain:
    """The Lean that is there or is set up now, with all compiled that its servers need.

    Afterwards the cache folder may be read-only. The last stage is ``compile``.

    Raises MissingToolError or BrokenToolError as ``toolchain.ensure`` does, and BrokenToolError
    if it cannot compile our Lean package.
    """
    from provers.lean import program, toolchain

    found = toolchain.ensure(project=project, offline=offline, progress=progress)
    if progress is not None:
        progress("compile", 0, 1)
    program.server_command(found, megabytes=2048)
    if progress is not None:
        progress("compile", 1, 1)
    return found


def _pinned() -> Toolchain | None:
    """The Lean that the current folder's project asks for, if it is there and not the usual one."""
    folder = Path.cwd()
    if not (folder / "lean-toolchain").exists():
        return None
    from provers.lean import toolchain

    found = toolchain.find(folder)
    return None if found == toolchain.find() else found


def _toolchain(progress: Progress | None) -> Toolchain:
    """The Lean that is there, which may compile when its first server starts, else a new one."""
    from provers.lean import toolchain

    return toolchain.find() or set_up(progress=progress)


def running_checker() -> Checker | None:
    """What asks the background process, if one is there with a server that is ready; else None.

    Answers within half a second, as a rule in milliseconds.
    """
    if not runtime.wanted():
        return None
    try:
        found = client.status(_LOOK_SECONDS)
    except BrokenToolError:  # whoever needs it will be told
        return None
    if found is None or not client.fits(found):
        return None
    return DaemonClient() if any(server["ready"] for server in found["workers"]) else None


def start_daemon() -> None:
    """Start the background process and its first server, without waiting for either.

    Does nothing where one runs, Lean is not set up or a background process is not wanted. What
    goes wrong is said to whoever asks Lean next.
    """
    if not runtime.wanted():
        return

    def start() -> None:
        from provers.lean import toolchain

        with contextlib.suppress(NeurosymError):
            if client.status(_LOOK_SECONDS) is None and toolchain.find() is not None:
                client.start()

    threading.Thread(target=start, name="lean", daemon=True).start()
