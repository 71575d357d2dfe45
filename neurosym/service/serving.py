"""The service as a process: it listens, says so, and shuts down without losing answers."""

from __future__ import annotations

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from neurosym.service.protocol import server_options
from provers.errors import BrokenToolError, InputError

# Clients keep connections for a while; one must not close under a request that is on its way.
_KEEP_ALIVE_SECONDS = 75
_BACKLOG = 2048
# Answers that are cut short by the end of the grace period still have to be sent.
_SENDING_SECONDS = 3
# How long a thread that computes may keep the others waiting; the one that answers is among them.
_SWITCH_SECONDS = 0.0005


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 is any free one.

    Raises InputError where that address cannot be had.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        return socket.create_server(address[:2], family=family, backlog=_BACKLOG)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"the service cannot listen on {host} port {port}: {reason}; choose another --port."
        ) from error


def url_of(listening: socket.socket) -> str:
    """Where a socket that listens can be reached."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: FastAPI, listening: socket.socket, grace: float, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or SIGINT, and call ``ready`` once requests are answered.

    Then nothing more is admitted, and what runs has ``grace`` seconds; a second signal ends at
    once. Raises BrokenToolError where the application does not start.
    """
    sys.setswitchinterval(_SWITCH_SECONDS)
    config = uvicorn.Config(
        app,
        log_level="warning",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=round(grace) + _SENDING_SECONDS,
        **server_options(app.state.settings),
    )
    server = _Server(config, app, grace, ready)
    # The server raises the signal again that ended it, for handlers which there were before it.
    before = {number: signal.signal(number, _ignored) for number in _ENDING}
    try:
        server.run(sockets=[listening])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not server.started:
        raise BrokenToolError("the service did not start; its log says why.")


_ENDING = (signal.SIGINT, signal.SIGTERM)


def _ignored(_number: int, _frame: FrameType | None) -> None:
    """The server has ended, as it was told to."""


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        app: FastAPI,
        grace: float,
        ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._app = app
        self._grace = grace
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.admission.drain(self._grace)
        self._app.state.runner.drain()
        super().handle_exit(sig, frame)
