"""Asking Lean through the background process, which is started by whoever needs it first."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from provers.base import Limits
from provers.errors import BrokenToolError, InputError, MissingToolError, NeurosymError
from provers.lean import protocol, runtime
from provers.lean.base import INIT, Header, LeanVersion, Reply
from provers.lean.protocol import ClosedError, FrameError

MODULE = "provers.lean.daemon"
# What a request may take beyond its own limit while no other is answered: waiting for a server,
# which may have to start first.
RESERVE_SECONDS = 150.0
SILENCE_SECONDS = 20.0  # the process says every second that it is at work
START_SECONDS = 60.0
_STOP_SECONDS = 12.0
_PAUSE_SECONDS = 0.02
_ATTEMPTS = 8
_CLOSED = "the connection was closed"


class DaemonClient:
    """A Checker that asks the background process; thread-safe.

    Each request has a connection of its own. One that gets lost before the process took it up is
    asked again, of a new process if need be; later it is stopped by a ``crash``.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._closings = 0
        self._version: LeanVersion | None = None

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        """Ask; waits while all servers are busy, and for the process and Lean to start.

        Raises MissingToolError or BrokenToolError if they cannot be started or do not answer,
        InputError if the request is longer than 64 MB.
        """
        start = time.monotonic()
        message = {
            "op": "ask",
            "header": list(header),
            "request": request,
            "seconds": limits.seconds,
            "megabytes": limits.megabytes,
        }
        try:
            answer = self._exchange(message, limits.seconds)
        except _Stopped as stopped:
            return Reply(None, time.monotonic() - start, stopped.reply.stopped, str(stopped))
        self._version = LeanVersion(answer["version"], answer["toolchain"])
        return Reply(answer["body"], answer["seconds"], answer["stopped"], answer["detail"])

    def _exchange(self, message: dict[str, Any], seconds: float) -> dict[str, Any]:
        closings = self._closings
        for attempt in range(_ATTEMPTS):
            time.sleep(_PAUSE_SECONDS * attempt)
            try:
                data = protocol.frame({**message, "identity": runtime.identity()})
            except FrameError as error:
                raise InputError("the Lean code is longer than 64 MB: divide it.") from error
            connection = _connect() or _start_and_connect()
            with self._noted(connection):
                if self._closings != closings:
                    raise _Stopped(Reply(None, 0.0, "crash", _CLOSED))
                answer = _converse(connection, data, seconds)
            if answer is None:
                if self._closings != closings:
                    raise _Stopped(Reply(None, 0.0, "crash", _CLOSED))
                continue  # it ended before it took the request up
            if answer["state"] == "done":
                return answer
            match answer.get("kind"):
                case "identity":
                    if not runtime.fits(str(answer.get("identity"))):
                        replace()
                case "stopping":
                    pass
                case "missing":
                    raise MissingToolError(str(answer["message"]))
                case _:
                    raise BrokenToolError(
                        str(answer.get("message")), stderr=str(answer.get("stderr", ""))
                    )
        raise BrokenToolError(
            "The background process for Lean ends or is replaced by another version's as soon as "
            f"it has started: look at {runtime.log_file()}, or set {runtime.OFF}=1."
        )

    @contextlib.contextmanager
    def _noted(self, connection: socket.socket) -> Iterator[None]:
        """Have the connection closed by ``close``."""
        with self._lock:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def version(self) -> LeanVersion:
        """Which Lean answers. Raises MissingToolError if none is set up."""
        if self._version is None:
            found = status()
            if found is not None and fits(found):
                self._version = LeanVersion(found["lean"], found["toolchain"])
            else:
                self._version = _found_version()
        return self._version

    def warm(self, header: Header = INIT) -> None:
        """Start the process, and a server for the header, without waiting for either."""

        def warm() -> None:
            # Whoever asks gets the same error again, and can do something about it.
            with contextlib.suppress(NeurosymError, _Stopped):
                self._exchange({"op": "warm", "header": list(header)}, 0.0)

        threading.Thread(target=warm, name="lean", daemon=True).start()

    def close(self) -> None:
        """Close the connections, also those that wait for an answer; the process goes on."""
        with self._lock:
            self._closings += 1
            for connection in self._open:
                with contextlib.suppress(OSError):  # it is not connected any more
                    connection.shutdown(socket.SHUT_RDWR)


class _Stopped(Exception):
    """There will be no answer, and the reply says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.detail)
        self.reply = reply


def _found_version() -> LeanVersion:
    from provers.lean import toolchain

    found = toolchain.require()
    return LeanVersion(found.version.split(",")[0], found.kind)


# --- one connection ------------------------------------------------------------------------


def _connect(seconds: float = SILENCE_SECONDS) -> socket.socket | None:
    """A connection to the process, or None where none listens.

    Raises BrokenToolError if what is there is not safe, or does not accept.
    """
    deadline = time.monotonic() + seconds
    while runtime.secure_socket():
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(str(runtime.socket_file()))
        except (FileNotFoundError, ConnectionRefusedError):  # just gone, or gone and left it
            connection.close()
            return None
        except OSError as error:  # too many wait
            connection.close()
            if time.monotonic() > deadline:
                raise _silent(None) from error
            time.sleep(_PAUSE_SECONDS)
            continue
        other = protocol.peer(connection)
        if other is not None and other[1] != os.geteuid():
            connection.close()
            raise BrokenToolError(
                f"{runtime.socket_file()} is served by another user: delete it, "
                f"or set {runtime.OFF}=1."
            )
        return connection
    return None


def _silent(connection: socket.socket | None) -> BrokenToolError:
    other = None if connection is None else protocol.peer(connection)
    which = f" (process {other[0]})" if other is not None else ""
    return BrokenToolError(
        f"The background process for Lean{which} does not answer: run neurosym daemon stop."
    )


def _converse(connection: socket.socket, data: bytes, seconds: float) -> dict[str, Any] | None:
    """Send the request and wait for the answer; None if the process ended before it took it up.

    Raises BrokenToolError if it says nothing at all or nonsense, and _Stopped if it ended, fell
    silent, or took too long, once it had the request.
    """
    begun = False
    answered = None
    deadline = 0.0
    try:
        protocol.send(connection, data, SILENCE_SECONDS)
    except ClosedError:
        pass  # it may have said why before it closed
    except TimeoutError as error:
        raise _silent(connection) from error
    while True:
        try:
            message = protocol.receive(connection, time.monotonic() + SILENCE_SECONDS)
        except ClosedError as error:
            if not begun:
                return None
            raise _Stopped(Reply(None, 0.0, "crash", "the background process ended")) from error
        except FrameError as error:
            if begun:
                text = "the background process ended in the middle of its answer"
                raise _Stopped(Reply(None, 0.0, "crash", text)) from error
            raise BrokenToolError(
                f"What listens at {runtime.socket_file()} answers nonsense ({error}): "
                "run neurosym daemon stop."
            ) from error
        except TimeoutError as error:
            if begun:
                text = "the background process fell silent"
                raise _Stopped(Reply(None, 0.0, "crash", text)) from error
            raise _silent(connection) from error
        state = message.get("state")
        if state not in ("begun", "working"):
            return message
        begun = True
        if message.get("answered") != answered:  # others are served, so it is still our turn soon
            answered = message.get("answered")
            deadline = 0.0
        deadline = deadline or time.monotonic() + seconds + RESERVE_SECONDS
        if time.monotonic() > deadline:
            # Lean itself would have been stopped at the limit: it never had the request.
            text = "Lean was busy with other requests"
            raise _Stopped(Reply(None, 0.0, "timeout", text))


def _simple(message: dict[str, Any], seconds: float) -> dict[str, Any] | None:
    """The answer to a question that takes no time; None where nobody answers."""
    connection = _connect(seconds)
    if connection is None:
        return None
    with connection:
        try:
            protocol.send(connection, protocol.frame(message), seconds)
            return protocol.receive(connection, time.monotonic() + seconds)
        except ClosedError:
            return None
        except (TimeoutError, FrameError) as error:
            raise _silent(connection) from error


# --- the process ---------------------------------------------------------------------------


def status(seconds: float = SILENCE_SECONDS) -> dict[str, Any] | None:
    """What the process says of itself; None where none runs.

    Raises BrokenToolError if it does not answer in time.
    """
    return _simple({"op": "status"}, seconds)


def fits(found: dict[str, Any]) -> bool:
    """Whether a status is that of a process with this one's code and Lean."""
    return runtime.fits(str(found.get("identity")))


def start() -> None:
    """Start the process, unless one is there, and wait until it listens.

    Raises MissingToolError or BrokenToolError if it cannot start.
    """
    from provers import process

    # -P: what a user's folder holds must not be run.
    done = process.run([sys.executable, "-P", "-m", MODULE], seconds=START_SECONDS, megabytes=None)
    if done.returncode == 0:
        return
    last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
    if done.timed_out:
        last = f"it took longer than {START_SECONDS:.0f} s"
    if done.returncode == runtime.MISSING:
        raise MissingToolError(last)
    raise BrokenToolError(
        f"The background process for Lean cannot start: {last.rstrip('.')}.", stderr=done.stderr
    )


def _start_and_connect() -> socket.socket:
    deadline = time.monotonic() + START_SECONDS
    while True:
        start()
        connection = _connect()
        if connection is not None:
            return connection
        if time.monotonic() > deadline:
            raise BrokenToolError(
                f"The background process for Lean does not listen at {runtime.socket_file()}, "
                f"though one holds {runtime.lock_file()}: end it, or set {runtime.OFF}=1."
            )
        time.sleep(_PAUSE_SECONDS)  # another is about to start, or to end


def replace() -> None:
    """Ask it to make room, unless it fits, and wait until it has.

    It finishes what it has begun. Raises BrokenToolError if it does not answer.
    """
    _simple({"op": "replace", "identity": runtime.identity()}, SILENCE_SECONDS)


def stop() -> int | None:
    """Stop the process, by force if it does not answer; its number, or None where none runs.

    What it has begun is cut. Raises BrokenToolError if what listens is not safe to touch.
    """
    connection = _connect(_STOP_SECONDS)
    if connection is None:
        return None
    with connection:
        other = protocol.peer(connection)
        deadline = time.monotonic() + _STOP_SECONDS
        pid = other[0] if other is not None else 0
        try:
            protocol.send(connection, protocol.frame({"op": "stop"}), _STOP_SECONDS)
            pid = int(protocol.receive(connection, deadline).get("pid", pid))
            protocol.receive(connection, deadline)  # nothing comes: it ends
        except ClosedError:
            return pid
        except (TimeoutError, FrameError) as error:
            if other is None:
                raise _silent(connection) from error
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return pid
