"""One Lean process that answers requests, each for one header, until it is stopped."""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from provers.children import Child, DiedError, OverdueError
from provers.errors import BrokenToolError
from provers.lean.base import INIT, Header, Reply, Stop
from provers.lean.source import MODULE
from provers.lean.toolchain import Command
from provers.process import MEGABYTE, limit_processor

START_SECONDS = 120.0
GRACE_SECONDS = 0.25
_LOOK_SECONDS = 0.25  # how often the memory of a busy server is looked at
_NOISE_BYTES = 64 * MEGABYTE
_STACK_WORDS = ("call stack size exceeded", "tack overflow", "deep recursion")
_MEMORY_WORDS = ("out of memory", "Out of memory", "memory exhausted", "bad_alloc")
_KILLED = -9
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_WRITTEN = re.compile(r"(?P<public>public )?(?P<meta>meta )?(?P<all>all )?(?P<name>.+)")

Cancelled: TypeAlias = Callable[[], bool]
"""Tells whether nobody waits for an answer any more; asked a few times a second."""


def never() -> bool:
    """Somebody always waits."""
    return False


class Server:
    """A running server; not thread-safe, but ``kill`` may come from any thread.

    It starts at once and in the background: the first request waits for what is left of it.
    ``tainted``: a program of some text ran in it, so what it judges is not trusted any more.
    ``single``: its program keeps the header that was imported last, and no other.
    """

    def __init__(self, command: Command, header: Header = INIT, *, single: bool = False) -> None:
        """Start it, and import a header. Raises MissingToolError if the program is not there."""
        self.headers: set[Header] = {header}
        self._single = single
        self.served = 0
        self.tainted = False
        self.started = time.monotonic()
        self.ready_after: float | None = None
        self.import_seconds = 0.0
        self._first = header
        self._killed = False
        self._idle_megabytes = 0.0
        self._child = Child(command.argv, env=command.env, box=command.box)
        self._token, self._import = _import(header)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._child.alive

    def ask(
        self,
        header: Header,
        request: dict[str, Any],
        *,
        seconds: float,
        megabytes: int,
        cancelled: Cancelled = never,
    ) -> Reply:
        """Ask, and wait for at most ``seconds`` and ``megabytes`` more than an idle server has.

        The time does not count what starting and importing take. Unless the reply is answered,
        or stopped by the ``header``, the server is in no state to be used again.

        Raises BrokenToolError if it cannot start, or answers what makes no sense.
        """
        try:
            failure = self._ready(header)
        except BrokenToolError:
            if self._killed:
                return Reply(None, 0.0, "crash", "it was closed")
            raise
        if failure:
            return Reply(None, 0.0, "header", failure)
        self.served += 1
        limit_processor(self.pid, seconds + GRACE_SECONDS)
        start = time.monotonic()
        token, message = _message({**request, "header": _key(header)})
        try:
            answer = self._read(
                token, message, start + seconds + GRACE_SECONDS, megabytes, cancelled
            )
        except OverdueError:
            return Reply(None, time.monotonic() - start, "timeout")
        except _TooLarge as error:
            return Reply(None, time.monotonic() - start, "memory", str(error))
        except _CancelledError:
            return Reply(None, time.monotonic() - start, "cancelled")
        except DiedError as error:
            if self._killed:
                return Reply(None, time.monotonic() - start, "crash", "it was closed")
            return Reply(None, time.monotonic() - start, _cause(error), _last_line(error.stderr))
        body = answer["body"]
        self.tainted = self.tainted or bool(body.get("ran"))
        if "failure" in body:
            raise BrokenToolError(f"the Lean server could not answer: {body['failure']}")
        return Reply(body, answer["milliseconds"] / 1000)

    def _ready(self, header: Header) -> str:
        """Wait until the header is imported; what Lean says where it cannot be, else ''."""
        if self.ready_after is None:
            failure = self._imported(self._token, self._import)
            self.ready_after = time.monotonic() - self.started
            if failure:
                self.headers.clear()
                if header == self._first:
                    return failure
        if header in self.headers:
            return ""
        failure = self._imported(*_import(header))
        if self._single:
            self.headers.clear()
        if not failure:
            self.headers.add(header)
        return failure

    def _imported(self, token: bytes, message: bytes) -> str:
        # Counted from now: one that was started in the background may have stood idle for hours.
        try:
            answer = self._read(token, message, time.monotonic() + START_SECONDS)
        except OverdueError as error:
            raise BrokenToolError(f"Lean did not start in {START_SECONDS:.0f} s") from error
        except DiedError as error:
            raise BrokenToolError(
                f"Lean cannot start: {_last_line(error.stderr)}", stderr=error.stderr
            ) from error
        self.import_seconds = answer["milliseconds"] / 1000
        self._idle_megabytes = self.megabytes()
        return str(answer["body"].get("failure", ""))

    def _read(
        self,
        token: bytes,
        message: bytes,
        deadline: float,
        megabytes: int | None = None,
        cancelled: Cancelled = never,
    ) -> dict[str, Any]:
        """Send, and read until the line that begins with the token: the rest is Lean's chatter."""
        noise = 0
        while True:
            look = (
                deadline if megabytes is None else min(deadline, time.monotonic() + _LOOK_SECONDS)
            )
            line = b""
            try:
                line = self._child.exchange(message, look)
            except OverdueError:
                if look >= deadline:
                    raise
            message = b""
            if line.startswith(token):
                return _decode(line[len(token) :])
            noise += len(line)
            if noise + len(self._child.unread) > _NOISE_BYTES:
                raise _TooLarge("it printed more than 64 MB")
            if time.monotonic() < look:
                continue
            if cancelled():
                raise _CancelledError
            if megabytes is not None and self._grown() > megabytes:
                raise _TooLarge(f"it took more than {megabytes} MB")

    def _grown(self) -> float:
        return self.megabytes() - self._idle_megabytes

    def megabytes(self) -> float:
        """Its resident memory, where the system tells; else 0."""
        try:
            fields = Path(f"/proc/{self._child.pid}/statm").read_text().split()
        except OSError:  # it has ended, or this is no Linux
            return 0.0
        return int(fields[1]) * _PAGE_BYTES / MEGABYTE if len(fields) > 1 else 0.0

    def kill(self) -> None:
        """Kill it under another thread's hands, which finds it dead."""
        self._killed = True
        self._child.kill()

    def stop(self) -> None:
        """Kill it and close its pipes."""
        self._child.stop()


class _TooLarge(Exception):
    """The server took or printed too much for one request."""


class _CancelledError(Exception):
    """Nobody waits for the answer any more."""


def _key(header: Header) -> str:
    return " ".join(header)


def _import(header: Header) -> tuple[bytes, bytes]:
    request: dict[str, Any] = {"op": "import", "header": _key(header), "modules": list(header)}
    if header[:1] == (MODULE,):
        request |= {"closed": True, "modules": [_around(one) for one in header[1:]]}
    return _message(request)


def _around(written: str) -> dict[str, Any]:
    """An import of a file that begins with ``module``, with what stands around it."""
    found = _WRITTEN.fullmatch(written)
    assert found is not None
    words = {word: bool(found[word]) for word in ("public", "meta", "all")}
    # What nobody writes is there for whoever imports the file.
    return {"module": found["name"], **words, "public": words["public"] or written == "Init"}


def _message(request: dict[str, Any]) -> tuple[bytes, bytes]:
    """The token that the answer's line begins with, and the request's line.

    Code under check can print whatever it likes, but it does not know the token.
    """
    token = secrets.token_hex(16)
    line = json.dumps({**request, "token": token}).encode("ascii")
    return f"{token} ".encode("ascii"), line + b"\n"


def _decode(text: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise BrokenToolError("the Lean server answered what is not JSON") from error
    if not isinstance(answer, dict) or not isinstance(answer.get("body"), dict):
        raise BrokenToolError("the Lean server answered what is no answer")
    return answer


def _cause(error: DiedError) -> Stop:
    if any(word in error.stderr for word in _STACK_WORDS):
        return "stack"
    if error.returncode == _KILLED or any(word in error.stderr for word in _MEMORY_WORDS):
        return "memory"
    return "crash"


def _last_line(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    telling = [line for line in lines if "rror" in line or "PANIC" in line]
    return (telling or lines or ["no message"])[-1][:500]
