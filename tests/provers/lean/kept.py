"""A Lean server that is kept, for tests that need no new one behind what the judge refuses."""

from __future__ import annotations

import threading
from typing import Any

from provers.base import Limits
from provers.lean.base import INIT, Header, LeanVersion, Reply
from provers.lean.program import server_command
from provers.lean.server import Server
from provers.lean.toolchain import Toolchain

_FULL_MEGABYTES = 1600  # as in a pool: it is replaced before it has no memory left


class Kept:
    """A checker whose one server goes on until a request stops it.

    A pool replaces a server in which a program may have run, which takes seconds. Servers of
    others do not, and of what the judge refuses only some runs any.
    """

    def __init__(self, toolchain: Toolchain) -> None:
        self._toolchain = toolchain
        self._turn = threading.Lock()
        self._server: Server | None = None

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        with self._turn:
            if self._server is not None and self._server.megabytes() > _FULL_MEGABYTES:
                self.close()
            if self._server is None:
                command = server_command(self._toolchain, megabytes=2048)
                self._server = Server(command, header)
            reply = self._server.ask(
                header, request, seconds=limits.seconds, megabytes=limits.megabytes
            )
            if reply.stopped not in ("", "header"):
                self.close()
            return reply

    def version(self) -> LeanVersion:
        return LeanVersion(self._toolchain.version, self._toolchain.kind)

    def warm(self, header: Header = INIT) -> None:
        """Nothing: it starts with the first request."""

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
