"""Connections that cannot be held open by sending nothing, or for ever a little more.

Uvicorn waits without end for a request's headers, and for a client that does not read.
"""

from __future__ import annotations

import asyncio
import http
from typing import Any, ClassVar, Final, TypeAlias

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from neurosym.service.problems import MEDIA_TYPE, ServiceProblem, described
from neurosym.settings import Settings

MOST_HEAD: Final = 64 * 1024
_HEAD_SECONDS: Final = 10.0
_SPARE_FILES: Final = 128  # for the database, prover processes, and this program's own
_MOST_CONNECTIONS: Final = 8_192

Answer: TypeAlias = tuple[int, str]
_TOO_LATE: Final[Answer] = (408, "the request did not arrive in time.")
_TOO_LARGE: Final[Answer] = (431, f"the headers are larger than {MOST_HEAD >> 10} KB.")
_TOO_MANY: Final[Answer] = (503, "too many connections are open; try again soon.")
_NO_HTTP: Final[Answer] = (400, "this is no HTTP/1.1 request.")


class BoundedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol with an end to waiting.

    A connection is closed whose request's headers are not there ``head_seconds`` after it was
    opened or they began; one that does not read what it is sent for ``write_seconds``; one that
    is idle for as long as Uvicorn keeps one alive; and one too many.
    """

    head_seconds: ClassVar[float] = _HEAD_SECONDS
    write_seconds: ClassVar[float] = 30.0
    most_connections: ClassVar[int] = _MOST_CONNECTIONS

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = False
        self._head = 0
        self._late: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most_connections:
            self._refuse(_TOO_MANY)
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._stop_stalling()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > MOST_HEAD and not self.transport.is_closing():
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = True
        self._head = 0
        self._wait()

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle is not None and self.cycle.response_complete:
            self._wait(self.timeout_keep_alive)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        # The next request may never come, nor the rest of a body that nobody wanted.
        if not self.transport.is_closing():
            self._wait(self.timeout_keep_alive)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop_stalling()
        self._stalled = self.loop.call_later(self.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_stalling()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        self._refuse(_NO_HTTP)

    def _wait(self, seconds: float | None = None) -> None:
        self._stop_waiting()
        seconds = self.head_seconds if seconds is None else seconds
        self._late = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _stop_stalling(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _give_up(self) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait()  # the request before is still worked on
        elif self._in_head:
            self._refuse(_TOO_LATE)
        else:
            self.transport.close()

    def _refuse(self, answer: Answer) -> None:
        """Answer outside the application, and close."""
        status, detail = answer
        self._stop_waiting()
        if self.cycle is not None and not self.cycle.response_complete:
            self.transport.abort()  # an answer here would stand in the middle of another
            return
        body = described(ServiceProblem(status, detail), "")
        lines = [
            f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}",
            f"content-type: {MEDIA_TYPE}",
            f"content-length: {len(body)}",
            "connection: close",
            *(["retry-after: 1"] if status == 503 else []),
        ]
        head = "".join(f"{line}\r\n" for line in [*lines, ""])
        self.transport.write(head.encode() + body)
        self.transport.close()


def open_files() -> int:
    """Let this process open as many files as it may; how many those are."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return _MOST_CONNECTIONS + _SPARE_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_CONNECTIONS + _SPARE_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return _MOST_CONNECTIONS + _SPARE_FILES if soft == resource.RLIM_INFINITY else soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


def server_options(settings: Settings) -> dict[str, Any]:
    """What ``uvicorn.Config`` must be given so that the limits hold."""
    most = max(16, min(_MOST_CONNECTIONS, open_files() - _SPARE_FILES))
    protocol = type(
        "Protocol",
        (BoundedProtocol,),
        {
            "head_seconds": min(_HEAD_SECONDS, settings.body_seconds),
            "write_seconds": settings.body_seconds,
            "most_connections": most,
        },
    )
    return {
        "http": protocol,
        "ws": "none",
        "access_log": False,  # ours has request ids, and no query strings
        "server_header": False,
        "proxy_headers": False,  # anyone could write them
    }
