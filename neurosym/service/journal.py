"""One line of log for every request, its id in the answer, and headers that browsers obey."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from typing import Any, Final, TextIO

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neurosym.service.metrics import Metrics
from neurosym.service.problems import ServiceProblem, problem

REQUEST_ID: Final = "X-Request-Id"
_LOG = logging.getLogger("neurosym.access")
_ERRORS = logging.getLogger("neurosym.service")
_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# What an answer that is no page may do in a browser: nothing.
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MOST_PATH: Final = 200


def write_to(stream: TextIO) -> None:
    """Write a line of JSON for each request to the stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


class Journal:
    """ASGI middleware, the outermost: logs, counts, and answers what was not foreseen.

    Bodies, query strings and headers are never logged: they hold users' texts and secrets.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        try:
            await self._app(scope, receive, exchange.send)
        except Exception:
            # The id is all that the client is told; with it the traceback can be found.
            _ERRORS.exception("request %s was not answered", exchange.id)
            if exchange.status:
                exchange.broken = True
                raise
            detail = "something went wrong here; the request can be sent again."
            await problem(scope, ServiceProblem(500, detail))(scope, receive, exchange.send)
        finally:
            self._note(scope, exchange)

    def _note(self, scope: Scope, exchange: _Exchange) -> None:
        seconds = time.perf_counter() - exchange.start
        route = getattr(scope.get("route"), "path", None) or "other"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.observe_request(method, route, exchange.status, seconds)
        if not _LOG.isEnabledFor(logging.INFO):
            return
        line: dict[str, Any] = {
            "time": round(time.time(), 3),
            "id": exchange.id,
            "method": method,
            "path": scope["path"][:_MOST_PATH],
            "status": exchange.status,  # 0: the client had gone before there was an answer
            "ms": round(seconds * 1000, 2),
            "sent": exchange.sent,
        }
        client = scope.get("client")
        if client:
            line["client"] = client[0]
        subject = scope["state"].get("subject")
        if subject is not None:
            line["token"] = subject
        if exchange.broken:
            line["broken"] = True
        _LOG.info("%s", json.dumps(line))


class _Exchange:
    """A request and what is known of its answer."""

    __slots__ = ("_send", "broken", "id", "sent", "start", "status")

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send = send
        self.start = time.perf_counter()
        self.status = 0
        self.sent = 0
        self.broken = False
        self.id = _id_of(scope)
        scope.setdefault("state", {})["request_id"] = self.id

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            headers[REQUEST_ID] = self.id
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
        await self._send(message)


def _id_of(scope: Scope) -> str:
    """The id that the client or a proxy gave, if it is harmless; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ID.fullmatch(value):
            return str(value.decode())
    return secrets.token_hex(8)
