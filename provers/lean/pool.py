"""Lean servers shared between threads, each with the headers that it imported."""

from __future__ import annotations

import collections
import contextlib
import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from provers.base import Limits
from provers.errors import NeurosymError
from provers.lean.base import INIT, Header, LeanVersion, Reply
from provers.lean.program import server_command
from provers.lean.server import Cancelled, Server, never
from provers.lean.toolchain import Toolchain
from provers.process import MEGABYTE

REUSE_LIMIT = 1000
WORKER_MEGABYTES = 2048
# For long runs over much of the library, whose environments and caches fill a server in minutes.
ROOMY_MEGABYTES = 3500
# An idle server that holds more than this share of its cap is replaced before its next request.
_FULL = 0.78
_NEEDED_MEGABYTES = 1600
_LOOK_SECONDS = 0.25  # how often one who waits for a server looks whether it should go on


def default_workers() -> int:
    """One for each core, as far as there is memory for them; at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, _available_megabytes() // _NEEDED_MEGABYTES))


def _available_megabytes() -> int:
    """What the machine and this process's control group have left; 4096 where nobody tells."""
    left = []
    found = re.search(r"^MemAvailable:\s+(\d+) kB", _text("/proc/meminfo"), re.MULTILINE)
    if found:
        left.append(int(found[1]) // 1024)
    limit, used = (_text(f"/sys/fs/cgroup/memory.{name}").strip() for name in ("max", "current"))
    if limit.isdecimal() and used.isdecimal():
        left.append((int(limit) - int(used)) // MEGABYTE)
    return min(left, default=4096)


def _text(file: str) -> str:
    try:
        return Path(file).read_text()
    except OSError:  # another kind of system
        return ""


class _Slot:
    """A place for one server, and who uses it."""

    def __init__(self) -> None:
        self.server: Server | None = None
        self.busy = False
        self.used = 0.0
        self.restarts = -1


class Pool:
    """Up to ``workers`` servers; thread-safe; whoever asks first is served first.

    A request that is stopped costs its own server, and a new one starts in the background at
    once. ``megabytes`` caps each server as a whole; a request's own limit holds beside it.
    ``path`` are folders of compiled modules besides Lean's own.
    """

    def __init__(
        self,
        toolchain: Toolchain,
        workers: int | None = None,
        *,
        megabytes: int = WORKER_MEGABYTES,
        path: Sequence[Path] = (),
    ) -> None:
        self._toolchain = toolchain
        self._path = tuple(toolchain.inside(folder) for folder in path)
        self._megabytes = megabytes
        self._slots = [_Slot() for _ in range(workers or default_workers())]
        self._free = threading.Condition()
        self._queue: collections.deque[object] = collections.deque()
        self._closings = 0

    def ask(
        self,
        header: Header,
        request: dict[str, Any],
        limits: Limits,
        *,
        cancelled: Cancelled = never,
    ) -> Reply:
        """Ask a server for the header; waits while all are busy, and while one starts.

        ``limits`` count from when the server has the request. Once ``cancelled`` says so, the
        request is given up wherever it is.

        Raises MissingToolError or BrokenToolError if Lean cannot be started.
        """
        closings = self._closings
        with self._slot(header, cancelled) as slot:
            if slot is None:
                return Reply(None, 0.0, "cancelled")
            server = self._server(slot, header)
            usable = False
            try:
                reply = server.ask(
                    header,
                    request,
                    seconds=limits.seconds,
                    megabytes=limits.megabytes,
                    cancelled=cancelled,
                )
                # A program that ran there may still wait for what is asked next.
                usable = reply.stopped in ("", "header") and not server.tainted
            finally:
                if not usable:  # stopped, broken, or interrupted by Ctrl-C
                    self._discard(slot, server)
            if not usable and closings == self._closings:
                # Where it cannot be started, the next request says so.
                with contextlib.suppress(NeurosymError):
                    self._start(slot, header)
            return reply

    def _server(self, slot: _Slot, header: Header) -> Server:
        server = slot.server
        if server is not None and (
            server.served >= REUSE_LIMIT or server.megabytes() > _FULL * self._megabytes
        ):
            self._discard(slot, server)
            server = None
        return server or self._start(slot, header)

    def _start(self, slot: _Slot, header: Header) -> Server:
        command = server_command(self._toolchain, megabytes=self._megabytes, path=self._path)
        server = slot.server = Server(command, header)
        slot.restarts += 1
        return server

    def _discard(self, slot: _Slot, server: Server) -> None:
        server.stop()
        slot.server = None

    # --- whose turn it is ------------------------------------------------------------------

    @contextlib.contextmanager
    def _slot(self, header: Header, cancelled: Cancelled) -> Iterator[_Slot | None]:
        turn = object()
        slot = None
        with self._free:
            self._queue.append(turn)
            try:
                while slot is None and not cancelled():
                    if self._queue[0] is turn and self._idle():
                        slot = self._best(header)
                        slot.busy = True
                    else:
                        self._free.wait(_LOOK_SECONDS)
            finally:
                self._queue.remove(turn)
                self._free.notify_all()
        try:
            yield slot
        finally:
            if slot is not None:
                with self._free:
                    slot.busy = False
                    slot.used = time.monotonic()
                    self._free.notify_all()

    def _idle(self) -> list[_Slot]:
        return [slot for slot in self._slots if not slot.busy]

    def _best(self, header: Header) -> _Slot:
        """An idle slot: one that has the header, else one that runs, else an empty one."""

        def rank(slot: _Slot) -> tuple[int, float]:
            if slot.server is None:
                return 2, 0.0
            return (0 if header in slot.server.headers else 1), -slot.used

        return min(self._idle(), key=rank)

    # --- the rest of the contract ------------------------------------------------------------

    def version(self) -> LeanVersion:
        return LeanVersion(self._toolchain.version, self._toolchain.kind)

    def warm(self, header: Header = INIT) -> None:
        """Start a server for the header, unless one is there or all are busy."""
        with self._free:
            idle = self._idle()
            if not idle or any(s.server and header in s.server.headers for s in self._slots):
                return
            slot = self._best(header)
            slot.busy = True
        try:
            self._server(slot, header)
        finally:
            with self._free:
                slot.busy = False
                self._free.notify_all()

    def status(self) -> list[dict[str, Any]]:
        """Each server: its headers, whether it is busy, requests served, restarts, megabytes."""
        with self._free:
            return [
                {
                    "pid": server.pid,
                    "headers": sorted(" ".join(header) for header in server.headers),
                    "ready": server.ready_after is not None,
                    "busy": slot.busy,
                    "served": server.served,
                    "restarts": slot.restarts,
                    "megabytes": round(server.megabytes()),
                }
                for slot in self._slots
                if (server := slot.server) is not None
            ]

    def close(self) -> None:
        """Stop all servers, also those at work for another thread."""
        with self._free:
            self._closings += 1
            for slot in self._slots:
                server = slot.server
                if server is not None and slot.busy:
                    server.kill()
                elif server is not None:
                    self._discard(slot, server)
