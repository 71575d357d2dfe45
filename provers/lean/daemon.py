"""The background process that keeps Lean warm between commands: one for each user.

It listens on a socket that only its user can reach, gives each request to a pool of Lean servers,
and ends when it has had nothing to do for a while. ``provers.lean.client`` starts it and talks to
it: one request for each connection. The answer ``begun`` comes at once, so that the client knows
whether a request that got no answer had reached Lean; ``working`` follows every second.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.metadata
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from types import FrameType
from typing import Any, Literal

from provers.base import Limits
from provers.errors import BrokenToolError, InputError, MissingToolError, NeurosymError
from provers.lean import protocol, runtime, toolchain
from provers.lean.base import INIT, Header, Reply
from provers.lean.pool import Pool
from provers.lean.protocol import ClosedError, FrameError
from provers.lean.toolchain import Toolchain
from provers.process import detach

LOG_BYTES = 1 << 20
_BACKLOG = 128
_MOST_CLIENTS = 500
_TICK_SECONDS = 1.0
_REQUEST_SECONDS = 30.0  # for a request to arrive, and for an answer to be taken
_WARM_SECONDS = 60.0
_DRAIN_SECONDS = 600.0
_CUT_SECONDS = 10.0
# Makes the server load what most proofs need, so that the first request finds it compiled.
_WARMING = """example (a b : Nat) (h : a < b) : a + 1 ≤ b := by omega
example (x : Rat) (h : x / 4 = 12) : x = 48 := by grind"""
_CUT = Reply(None, 0.0, "crash", "the background process was stopped")


class Daemon:
    """Serves what connects to the listener until it is stopped or nobody needs it."""

    def __init__(
        self, listener: socket.socket, lock: int, lean: Toolchain, *, idle_seconds: float
    ) -> None:
        """Both the listener and the lock's descriptor are the daemon's from now on."""
        self._listener = listener
        self._lock = lock
        self._lean = lean
        self._pool = Pool(lean)
        self._identity = runtime.identity()
        self._file = runtime.socket_file()
        self._inode = self._file.stat().st_ino
        self._idle_seconds = idle_seconds
        self._started = self._used = time.monotonic()
        self._stop: Literal["", "drain", "now"] = ""
        self._gone = threading.Event()  # nobody can connect any more
        self._woken, self._waker = socket.socketpair()
        self._waker.setblocking(False)
        self._state = threading.Lock()
        self._clients = 0
        self._busy: dict[socket.socket, threading.Lock] = {}
        self._answered = 0
        self._warm = threading.Event()
        self._warming = False

    def listen(self) -> None:
        """Let clients connect; they wait until ``serve`` accepts them."""
        self._listener.listen(_BACKLOG)

    def serve(self) -> None:
        """Accept until it is time to stop, then finish or cut what is at work, and end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop_now)
        self._log(f"started with Lean {self._lean.version} ({self._lean.kind})")
        self._warm_up(INIT)
        self._listener.setblocking(False)
        try:
            ticked = time.monotonic()
            while not self._stop:
                self._accept()
                if time.monotonic() - ticked >= _TICK_SECONDS:
                    ticked = time.monotonic()
                    self._tick()
            self._leave()
            self._finish()
        finally:
            self._pool.close()
            self._log("stopped")

    def _stop_now(self, number: int, frame: FrameType | None) -> None:
        self._ask_to_stop("now")

    def _ask_to_stop(self, how: Literal["drain", "now"]) -> None:
        if self._stop != "now":
            self._stop = how
        with contextlib.suppress(BlockingIOError):  # it is being woken already
            self._waker.send(b"1")

    def _accept(self) -> None:
        full = self._clients >= _MOST_CLIENTS  # the others wait in the backlog
        sources = [self._woken] if full else [self._woken, self._listener]
        ready, _, _ = select.select(sources, [], [], _TICK_SECONDS / 10 if full else _TICK_SECONDS)
        if self._listener not in ready:
            return
        try:
            connection, _ = self._listener.accept()
        except OSError as error:  # no descriptors left, or the client has gone again
            self._log(f"accept: {error}")
            time.sleep(_TICK_SECONDS / 10)
            return
        with self._state:
            self._clients += 1
        threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    # --- every second ------------------------------------------------------------------------

    def _tick(self) -> None:
        now = time.monotonic()
        with self._state:
            busy = list(self._busy.items())
            idle = not busy and not self._warming and now - self._used
        self._tell_working(busy)
        if os.fstat(1).st_size > LOG_BYTES:
            os.ftruncate(1, 0)
        if self._stop:
            return
        if idle and idle > self._idle_seconds:
            self._log("idle")
            self._stop = "drain"
        elif not self._findable():
            self._log("nobody can find this process, or its Lean, any more")
            self._stop = "drain"
        elif not busy:
            self._warm_up_again()

    def _tell_working(self, busy: list[tuple[socket.socket, threading.Lock]]) -> None:
        working = protocol.frame({"state": "working", "answered": self._answered})
        for connection, turn in busy:
            if turn.acquire(blocking=False):  # else its answer is being sent
                try:
                    # The socket does not block: where nobody reads, nobody needs to be told.
                    with contextlib.suppress(OSError):
                        os.write(connection.fileno(), working)
                finally:
                    turn.release()

    def _findable(self) -> bool:
        try:
            there = self._file.lstat().st_ino == self._inode
        except OSError:
            there = False
        return there and self._lean.program.exists() and self._lean.root.exists()

    def _warm_up_again(self) -> None:
        """Wait for a server that replaced a stopped one, so that it is known to be ready."""
        servers = self._pool.status()
        if servers and not any(server["ready"] for server in servers):
            self._warm_up(INIT)

    def _warm_up(self, header: Header) -> None:
        """Have a server that has answered once with the header, in the background."""
        with self._state:
            if self._warming:
                return
            self._warming = True
        threading.Thread(target=self._warm_now, args=(header,), daemon=True).start()

    def _warm_now(self, header: Header) -> None:
        try:
            reply = self._pool.ask(
                header, {"op": "check", "code": _WARMING}, Limits(_WARM_SECONDS, 2048)
            )
            if reply.stopped:
                self._log(f"warming up: {reply.stopped} {reply.detail}")
        except NeurosymError as error:  # whoever asks gets it again
            self._log(f"warming up: {error}")
        finally:
            with self._state:
                self._warming = False
            self._warm.set()

    # --- the end -----------------------------------------------------------------------------

    def _leave(self) -> None:
        """Make room for the next one: its socket and lock are not ours from here on."""
        with contextlib.suppress(OSError):
            if self._file.lstat().st_ino == self._inode:
                self._file.unlink()
        self._listener.close()
        os.close(self._lock)
        self._gone.set()

    def _finish(self) -> None:
        start = time.monotonic()
        cut: float | None = None
        while self._busy or self._warming:
            now = time.monotonic()
            if cut is None and (self._stop == "now" or now - start > _DRAIN_SECONDS):
                cut, self._stop = now, "now"
            if cut is not None:
                if now - cut > _CUT_SECONDS:
                    return
                self._pool.close()  # again and again: what waited gets its turn now
            self._tick()
            time.sleep(_TICK_SECONDS / 10)

    # --- one client --------------------------------------------------------------------------

    def _converse(self, connection: socket.socket) -> None:
        try:
            with connection:
                self._answer(connection)
        except (ClosedError, TimeoutError) as error:
            self._log(f"a client has gone: {error or 'it did not read'}")
        except Exception:  # noqa: BLE001 - it is logged, and costs this connection only
            traceback.print_exc()
        finally:
            with self._state:
                self._clients -= 1

    def _answer(self, connection: socket.socket) -> None:
        other = protocol.peer(connection)
        if other is not None and other[1] != os.geteuid():
            self._log(f"user {other[1]} was refused")
            return
        try:
            message = protocol.receive(connection, time.monotonic() + _REQUEST_SECONDS)
        except FrameError as error:
            self._send(connection, _error("request", str(error)))
            return
        operation = message.get("op")
        if operation == "status":
            self._send(connection, {"state": "done", **self._status()})
        elif operation == "stop":
            self._ask_to_stop("now")
            self._gone.wait()
            self._send(connection, {"state": "done", "pid": os.getpid()})
            threading.Event().wait()  # the connection closes when this process ends
        elif operation == "replace":
            if message.get("identity") != self._identity:
                self._ask_to_stop("drain")
                self._gone.wait()
            self._send(connection, {"state": "done"})
        elif message.get("identity") != self._identity:
            text = "this is another version"
            self._send(connection, {**_error("identity", text), "identity": self._identity})
        elif self._stop:
            self._send(connection, _error("stopping", "this process is about to end"))
        elif operation in ("ask", "warm"):
            with self._at_work(connection) as turn:
                if operation == "ask":
                    answer = self._ask(message, connection)
                else:
                    self._warm_up(_header(message))
                    answer = {"state": "done"}
                with turn:
                    self._send(connection, answer)
        else:
            self._send(connection, _error("request", f"there is no operation {operation!r}"))

    @contextlib.contextmanager
    def _at_work(self, connection: socket.socket) -> Iterator[threading.Lock]:
        self._send(connection, {"state": "begun"})
        turn = threading.Lock()
        with self._state:
            self._busy[connection] = turn
        try:
            yield turn
        finally:
            with self._state:
                del self._busy[connection]
                self._answered += 1
                self._used = time.monotonic()

    def _ask(self, message: dict[str, Any], connection: socket.socket) -> dict[str, Any]:
        try:
            request = message["request"]
            if not isinstance(request, dict) or not isinstance(request.get("op"), str):
                raise InputError("the request is no object with an op")
            header = _header(message)
            limits = Limits(float(message["seconds"]), int(message["megabytes"]))
        except (KeyError, ValueError, TypeError, InputError) as error:
            return _error("request", f"the request is not complete: {error}")
        self._warm.wait()  # else this would start a second server beside the first
        try:
            reply = self._pool.ask(header, request, limits, cancelled=lambda: _gone(connection))
        except MissingToolError as error:
            return _error("missing", str(error))
        except BrokenToolError as error:
            return _error("broken", str(error), error.stderr)
        except Exception as error:  # noqa: BLE001 - it is reported as the answer
            traceback.print_exc()
            return _error("broken", f"the background process failed ({error!r})")
        if reply.stopped and self._stop == "now":  # killed, so whatever it looks like
            reply = _CUT
        version = self._pool.version()
        return {
            "state": "done",
            "body": reply.body,
            "seconds": reply.seconds,
            "stopped": reply.stopped,
            "detail": reply.detail,
            "version": version.version,
            "toolchain": version.toolchain,
        }

    def _send(self, connection: socket.socket, message: dict[str, Any]) -> None:
        try:
            data = protocol.frame(message)
        except FrameError as error:
            data = protocol.frame(_error("broken", f"Lean's answer is too long: {error}"))
        protocol.send(connection, data, _REQUEST_SECONDS)

    def _status(self) -> dict[str, Any]:
        now = time.monotonic()
        with self._state:
            idle = not self._busy and not self._warming
            left = self._idle_seconds - (now - self._used) if idle else self._idle_seconds
            at_work, answered = len(self._busy), self._answered
        version = self._pool.version()
        return {
            "pid": os.getpid(),
            "neurosym": _release(),
            "identity": self._identity,
            "lean": version.version,
            "toolchain": version.toolchain,
            "uptime": round(now - self._started, 1),
            "idle_left": round(max(0.0, left), 1),
            "at_work": at_work,
            "answered": answered,
            "socket": str(self._file),
            "log": str(runtime.log_file()),
            "workers": self._pool.status(),
        }

    def _log(self, text: str) -> None:
        with contextlib.suppress(OSError):  # the disk is full: there is nowhere to say it
            print(time.strftime("%Y-%m-%d %H:%M:%S"), text, file=sys.stderr, flush=True)


def _gone(connection: socket.socket) -> bool:
    """Whether the client has closed its end: it sends nothing after its request."""
    there = select.poll()
    there.register(connection, select.POLLIN)
    try:
        return bool(there.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _error(kind: str, text: str, stderr: str = "") -> dict[str, Any]:
    return {"state": "error", "kind": kind, "message": text, "stderr": stderr}


def _header(message: dict[str, Any]) -> Header:
    """The header of a message. Raises InputError if it has none."""
    header = message.get("header")
    if not isinstance(header, list) or not all(isinstance(module, str) for module in header):
        raise InputError("the header is no list of modules")
    return tuple(header)


def _release() -> str:
    try:
        return importlib.metadata.version("neurosym")
    except importlib.metadata.PackageNotFoundError:  # it runs from a folder
        return "unknown"


# --- the start -----------------------------------------------------------------------------


def main() -> int:
    """Start, unless one is there. All that can fail does so before it goes to the background."""
    try:
        idle = runtime.idle_seconds()
        lean = toolchain.require()
        runtime.create()
        lock = _take_lock()
        if lock is None:
            return 0
        daemon = Daemon(_bind(), lock, lean, idle_seconds=idle)
        log = _open("lean.log", os.O_WRONLY | os.O_APPEND)
    except MissingToolError as error:
        print(error, file=sys.stderr)
        return runtime.MISSING
    except BrokenToolError as error:
        print(error, file=sys.stderr)
        return runtime.BROKEN
    # Only the process that listens last is known to clients by its number: see ``peer``.
    detach(log, daemon.listen)
    os.umask(0o077)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * _MOST_CLIENTS
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    daemon.serve()
    # Threads of clients that have gone silent must not keep this process.
    sys.stderr.flush()
    os._exit(0)


def _take_lock() -> int | None:
    """The lock's descriptor, or None if another process has it: that one listens, or will."""
    lock = _open("lean.lock", os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _open(name: str, flags: int) -> int:
    file = runtime.folder() / name
    try:
        return os.open(file, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise BrokenToolError(
            f"{file} cannot be opened ({error.strerror}): delete it, or set {runtime.OFF}=1."
        ) from error


def _bind() -> socket.socket:
    """The socket, in the place of what a process that is gone left there."""
    file = runtime.socket_file()
    if runtime.secure_socket():
        file.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        listener.bind(str(file))
    except OSError as error:
        raise BrokenToolError(
            f"{file} cannot be made ({error.strerror or error}): set {runtime.OFF}=1 to do "
            "without a background process."
        ) from error
    finally:
        os.umask(mask)
    return listener


if __name__ == "__main__":
    sys.exit(main())
