"""Bodies of requests: read whole before any work, within limits of size, time and nesting."""

from __future__ import annotations

import array
import asyncio
import itertools
import math
import re
import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from neurosym.service.problems import ServiceProblem, problem
from neurosym.settings import MEGABYTE, Settings

MOST_DIGITS: Final = 100
_SMALL_EXPONENT: Final = 200  # together with the digits, still a number that a float can hold
_LARGE_EXPONENT: Final = 400
_LONGEST: Final = 2 * MOST_DIGITS + 1
_LINGER: Final = 2.0
_PIECE: Final = 65_536
_QUICK: Final = 131_072
# Also matches a string that does not end, so that no second look begins within it.
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_LONG_NUMBER: Final = re.compile(rb"[0-9]{%d}" % (MOST_DIGITS + 1))
_NO_NUMBER: Final = re.compile(rb"NaN|Infinity")  # Python's JSON has them, and no other's
_EXPONENT: Final = re.compile(rb"[eE]\+?([0-9]{3,})")
# As signed bytes: 1 where a bracket opens, -1 where one closes.
_STEPS: Final = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")
_NO_BRACKETS: Final = bytes(b for b in range(256) if b not in b"[]{}")


class Body:
    """ASGI middleware: an application behind it gets bodies in one piece, or not at all.

    Answers 413 for a body larger than ``max_body``, at its Content-Length or where it grows past
    it; 408 for one not there in ``body_seconds``; 400 for JSON nested deeper than ``max_depth``
    or with numbers too long. What is no JSON otherwise is left to who parses it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._most = settings.max_body
        self._seconds = settings.body_seconds
        self._depth = settings.max_depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            self._announced(scope)
            data = await self._read(receive)
            if data is None:  # the client has gone
                return
            if len(data) <= _QUICK:
                check_json(data, self._depth)
            else:  # others' requests go on meanwhile
                await asyncio.to_thread(check_json, data, self._depth)
        except ServiceProblem as error:
            await _refuse(scope, receive, send, error)
            return
        await self._app(scope, _Replay(data, receive), send)

    def _announced(self, scope: Scope) -> None:
        """Raise 413 for a body that says itself that it is too large."""
        for name, value in scope["headers"]:
            if name == b"content-length" and int(value) > self._most:  # the server read it, too
                raise self._too_large()

    async def _read(self, receive: Receive) -> bytes | None:
        pieces: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        return None
                    piece = message.get("body", b"")
                    size += len(piece)
                    if size > self._most:
                        raise self._too_large()
                    pieces.append(piece)
                    if not message.get("more_body", False):
                        return b"".join(pieces)
        except TimeoutError:
            raise ServiceProblem(
                408, f"the body was not there after {self._seconds:g} seconds."
            ) from None

    def _too_large(self) -> ServiceProblem:
        return ServiceProblem(
            413,
            f"the body is larger than {self._most / MEGABYTE:g} MB; divide it, or send what "
            "takes long as jobs.",
        )


class _Replay:
    """``receive`` for who stands behind: the body, then whatever really comes."""

    __slots__ = ("_data", "_receive")

    def __init__(self, data: bytes, receive: Receive) -> None:
        self._data: bytes | None = data
        self._receive = receive

    async def __call__(self) -> Message:
        if self._data is None:
            return await self._receive()
        data, self._data = self._data, None
        return {"type": "http.request", "body": data, "more_body": False}


async def _refuse(scope: Scope, receive: Receive, send: Send, error: ServiceProblem) -> None:
    """Answer at once, then let what the client still sends come in for a moment.

    A connection that is closed while the client writes can take the answer with it.
    """
    error.headers["Connection"] = "close"
    response = problem(scope, error)
    await send(
        {
            "type": "http.response.start",
            "status": response.status_code,
            "headers": response.raw_headers,
        }
    )
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    if error.status == 413:
        end = time.monotonic() + _LINGER
        try:
            async with asyncio.timeout(_LINGER):
                while time.monotonic() < end:
                    message = await receive()
                    if not message.get("more_body", False):
                        break
        except TimeoutError:
            pass  # it has had its time
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def check_json(data: bytes, depth: int) -> None:
    """Raise ServiceProblem 400 for JSON that would be dangerous to parse, in linear time.

    That is JSON nested deeper than ``depth``, with numbers of more digits than a number needs or
    that are none, or in an encoding other than UTF-8. Nothing else is looked for.
    """
    if b"\0" in data:
        raise ServiceProblem(400, "the body is not JSON in UTF-8.")
    brackets = data.count(b"[") + data.count(b"{")
    long = _LONG_NUMBER.search(data) or _EXPONENT.search(data) or _NO_NUMBER.search(data)
    if brackets <= depth and not long:
        return
    bare = _STRING.sub(b'""', data)
    if long:
        _check_numbers(bare)
    if brackets > depth:
        _check_depth(bare, depth)


def _check_numbers(bare: bytes) -> None:
    if _NO_NUMBER.search(bare):
        raise ServiceProblem(400, "the body is not JSON: it holds NaN or Infinity.")
    if _LONG_NUMBER.search(bare):
        raise ServiceProblem(400, f"a number in the body has more than {MOST_DIGITS} digits.")
    for found in _EXPONENT.finditer(bare):
        exponent = int(found[1])
        if exponent > _SMALL_EXPONENT:
            before = bare[max(0, found.start() - _LONGEST) : found.start()]
            digits = before[len(before.rstrip(b"0123456789.")) :]
            if exponent > _LARGE_EXPONENT or _overflows(digits + found[0]):
                raise ServiceProblem(400, "a number in the body is larger than a float can be.")


def _overflows(number: bytes) -> bool:
    try:
        return math.isinf(float(number))
    except ValueError:  # two points in it, say, which is no JSON
        return False


def _check_depth(bare: bytes, depth: int) -> None:
    steps = bare.translate(_STEPS, delete=_NO_BRACKETS)
    level = 0
    for start in range(0, len(steps), _PIECE):
        piece = array.array("b", steps[start : start + _PIECE])
        if level + max(itertools.accumulate(piece)) > depth:
            raise ServiceProblem(400, f"the body is nested deeper than {depth} levels.")
        level += sum(piece)
