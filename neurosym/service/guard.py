"""Who may ask, and from where; and the order in which a request is looked at."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from neurosym.service.body import Body
from neurosym.service.journal import REQUEST_ID, Journal
from neurosym.service.metrics import Metrics
from neurosym.service.problems import ServiceProblem, problem
from neurosym.service.protocol import MOST_HEAD
from neurosym.service.tokens import Token, Tokens, digest
from neurosym.settings import Settings
from provers.errors import NeurosymError

_LOG = logging.getLogger("neurosym.service")
_MOST_HEADERS: Final = 100
_MOST_URL: Final = 8_192
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What shows nobody's data: whether the service lives, and the page, which asks for a token.
_OPEN: Final = frozenset(
    {"/", "/v1/examples", "/healthz", "/readyz", "/health", "/favicon.ico", "/openapi.json"}
)
_OPEN_BELOW: Final = ("/static/", "/docs")
_FRESH_SECONDS: Final = 5.0
_RETRY_SECONDS: Final = 0.5


def install(app: FastAPI, settings: Settings, metrics: Metrics, tokens: Tokens) -> None:
    """Put everything that a request must pass in front of the application."""
    # The last that is added is the first that sees a request.
    app.add_middleware(Body, settings=settings)
    app.add_middleware(Bearer, settings=settings, tokens=tokens)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", REQUEST_ID],
            expose_headers=["Retry-After", "Location", REQUEST_ID],
        )
    app.add_middleware(Gate, settings=settings)
    app.add_middleware(Journal, metrics=metrics)


def describe(document: dict[str, Any]) -> None:
    """Say in an OpenAPI document which operations may need a token."""
    document.setdefault("components", {})["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "From 'neurosym token create'; not needed on a loopback address.",
        }
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if not _is_open({"method": method.upper(), "path": path}):
                operation["security"] = [{"token": []}, {}]


def subject_of(request: Request) -> str | None:
    """The id of the token that a request carries; None where none is needed."""
    subject: str | None = request.scope["state"].get("subject")
    return subject


class Gate:
    """ASGI middleware: no odd heads, no pages of strangers.

    Without tokens, whoever reaches the loopback address may ask, and a browser on this machine
    does what any page tells it. So requests must name a loopback host (a stranger's name may
    resolve to 127.0.0.1), and what changes something must not come from another origin's page.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._open = not settings.needs_token
        self._origins = frozenset(settings.origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        try:
            self._check(scope)
        except ServiceProblem as error:
            await problem(scope, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope) -> None:
        headers = scope["headers"]
        if len(headers) > _MOST_HEADERS or sum(len(n) + len(v) for n, v in headers) > MOST_HEAD:
            raise ServiceProblem(
                431,
                f"there may be {_MOST_HEADERS} headers of {MOST_HEAD >> 10} KB together.",
                headers={"Connection": "close"},
            )
        raw = scope.get("raw_path") or b""
        if len(raw) + len(scope.get("query_string", b"")) > _MOST_URL:
            raise ServiceProblem(414, "the address is too long.", headers={"Connection": "close"})
        host = origin = ""
        for name, value in headers:
            if name == b"host":
                host = value.decode("latin-1")
            elif name == b"origin":
                origin = value.decode("latin-1")
        if self._open and not _is_loopback(_hostname(host)):
            raise ServiceProblem(
                421,
                "without tokens the service answers to localhost only: ask http://127.0.0.1, or "
                "start it with --auth required.",
            )
        if not origin or origin in self._origins or "*" in self._origins:
            return
        if scope["method"] not in _SAFE and origin.partition("://")[2].lower() != host.lower():
            raise ServiceProblem(
                403, "pages of other origins may not ask: allow theirs with --origin."
            )


class Bearer:
    """ASGI middleware: 401 for what carries no valid token, wherever one is needed.

    A token that is revoked is of use for a few seconds more.
    """

    def __init__(self, app: ASGIApp, settings: Settings, tokens: Tokens) -> None:
        self._app = app
        self._needed = settings.needs_token
        self._tokens = tokens
        self._known: dict[str, Token] = {}
        self._read = float("-inf")
        self._reading = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._needed and not _is_open(scope):
            try:
                token = await self._token(scope)
            except ServiceProblem as error:
                await problem(scope, error)(scope, receive, send)
                return
            scope.setdefault("state", {})["subject"] = token.id
        await self._app(scope, receive, send)

    async def _token(self, scope: Scope) -> Token:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        if not given:
            raise _unauthorized("send a token: 'Authorization: Bearer TOKEN'.", "")
        kind, _, secret = given[0].decode("latin-1").partition(" ")
        secret = secret.strip()
        if len(given) > 1 or kind.lower() != "bearer" or not secret:
            raise _unauthorized(
                "the header Authorization must be 'Bearer TOKEN'.", "invalid_request"
            )
        # Only hashes are compared, so the time that it takes tells nothing of a secret.
        hashed = digest(secret)
        token = await self._known_as(hashed)
        if token is None or not token.valid(time.time()):
            raise _unauthorized(
                "the token is unknown, revoked or expired; make one with 'neurosym token create'.",
                "invalid_token",
            )
        return token

    async def _known_as(self, hashed: str) -> Token | None:
        """The token of that hash. All of them are kept at hand, and read again now and then."""
        age = time.monotonic() - self._read
        if age > (_FRESH_SECONDS if hashed in self._known else _RETRY_SECONDS):
            async with self._reading:
                if time.monotonic() - self._read >= age:  # nobody did it meanwhile
                    await self._refresh()
        return self._known.get(hashed)

    async def _refresh(self) -> None:
        try:
            self._known = await asyncio.to_thread(self._tokens.valid)
        except NeurosymError:
            _LOG.exception("the tokens cannot be read")
            raise ServiceProblem(
                503, "the database does not answer; try again soon.", headers={"Retry-After": "5"}
            ) from None
        self._read = time.monotonic()


def _unauthorized(detail: str, error: str) -> ServiceProblem:
    challenge = 'Bearer realm="neurosym"' + (f', error="{error}"' if error else "")
    return ServiceProblem(401, detail, headers={"WWW-Authenticate": challenge})


def _is_open(scope: Scope) -> bool:
    path: str = scope["path"]
    return scope["method"] in _SAFE and (path in _OPEN or path.startswith(_OPEN_BELOW))


def _hostname(host: str) -> str:
    """A Host header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def _is_loopback(name: str) -> bool:
    name = name.lower().rstrip(".")
    if name in ("localhost", "::1"):
        return True
    parts = name.split(".")
    # Not every name that begins so is an address: 127.0.0.1.example.com is none.
    return len(parts) == 4 and parts[0] == "127" and all(p.isdecimal() for p in parts)
