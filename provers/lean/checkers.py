"""The one place that chooses how Lean is asked."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from provers.errors import BrokenToolError, NeurosymError
from provers.lean import client, runtime
from provers.lean.base import Checker
from provers.lean.client import DaemonClient

if TYPE_CHECKING:
    from provers.lean.embedded import Progress

_LOOK_SECONDS = 0.5


def open_checker(*, daemon: bool = True, progress: Progress | None = None) -> Checker:
    """A checker for the caller, who closes it; sets Lean up first where there is none.

    It asks the background process, unless ``daemon`` or the environment forbid one, or the system
    has no sockets for it; else it has servers of its own.

    Raises MissingToolError or BrokenToolError if Lean cannot be set up.
    """
    if daemon and runtime.wanted():
        found = client.status()
        if found is None or not client.fits(found):
            _set_up(progress)
        return DaemonClient()
    from provers.lean import toolchain
    from provers.lean.pool import Pool

    return Pool(toolchain.ensure(progress=progress))


def _set_up(progress: Progress | None) -> None:
    from provers.lean import toolchain

    toolchain.ensure(progress=progress)


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

    Does nothing where Lean is not set up or a background process is not wanted. What goes wrong
    is said to whoever asks Lean next.
    """
    if not runtime.wanted():
        return

    def start() -> None:
        with contextlib.suppress(NeurosymError):
            client.start()

    threading.Thread(target=start, name="lean", daemon=True).start()
