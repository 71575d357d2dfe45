"""Killable persistent workers: an in-process solver that can still be stopped.

A worker is a child process that reads one JSON request a line and writes one JSON answer a
line. It is killed when an answer is overdue and started again for the next request, so a
solver that ignores its own time limit, eats memory or crashes costs one answer and no more.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import json
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from provers.children import Child, DiedError, OverdueError
from provers.errors import BrokenToolError
from provers.process import limit_memory

GRACE_SECONDS = 0.25
START_SECONDS = 30.0
REUSE_LIMIT = 4000
# One count for all workers: an answer that reaches another's pipe must not fit there.
_NUMBERS = itertools.count(1)


class Worker:
    """One child process running ``python -m MODULE``; not thread-safe."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.restarts = -1
        self._served = 0
        self._megabytes = 0
        self._child: Child | None = None
        self._ready = False

    def start(self) -> None:
        """Start the child without waiting for it, unless it runs."""
        if self._child is None:
            self._start()

    def _start(self) -> Child:
        # -P: a file called z3.py in the folder that a user happens to be in must not be run.
        child = self._child = Child([sys.executable, "-P", "-m", self.module])
        self.restarts += 1
        self._served = 0
        self._ready = False
        self._megabytes = 0
        return child

    def ask(
        self, request: dict[str, Any], *, seconds: float, megabytes: int = 2048
    ) -> dict[str, Any]:
        """Send one request and wait for its answer, at most ``seconds`` plus a short grace.

        Raises OverdueError, DiedError, or BrokenToolError if the child cannot start or
        answers what is not JSON. Start-up time is not counted against ``seconds``.
        """
        # A child that was killed after its last answer is no fault of this request.
        dead = self._child is not None and not self._child.alive
        if dead or self._served >= REUSE_LIMIT:
            self.stop()
        child = self._child or self._start()
        self._served += 1
        answered = False
        try:
            if not self._ready:
                self._await_ready(child)
            self._cap(child, megabytes)
            number = next(_NUMBERS)
            message = json.dumps({**request, "request": number}).encode() + b"\n"
            line = child.exchange(message, time.monotonic() + seconds + GRACE_SECONDS)
            answer = _decode(line, self.module)
            # An answer to another request, or more than one line, means that the two sides no
            # longer agree on what is being answered: nothing that it says may be used.
            if child.unread or answer.pop("request", None) != number:
                raise BrokenToolError(f"{self.module} answered another question than was asked")
            answered = True
        finally:
            if not answered:  # overdue, dead, confused, or interrupted by Ctrl-C
                self.stop()
        return answer

    def _cap(self, child: Child, megabytes: int) -> None:
        if megabytes != self._megabytes:
            limit_memory(child.pid, megabytes)
            self._megabytes = megabytes

    def _await_ready(self, child: Child) -> None:
        try:
            child.exchange(b"", time.monotonic() + START_SECONDS)
        except DiedError as error:
            last = error.stderr.strip().splitlines()[-1:] or ["no message"]
            raise BrokenToolError(
                f"{self.module} cannot start: {last[0]}", stderr=error.stderr
            ) from error
        except OverdueError as error:
            raise BrokenToolError(f"{self.module} did not start in {START_SECONDS} s") from error
        self._ready = True

    def kill(self) -> None:
        """Kill the child under another thread's hands, which finds it dead and cleans up."""
        child = self._child
        if child is not None:
            child.kill()

    def stop(self) -> None:
        """Kill the child, if there is one, and forget it."""
        if self._child is not None:
            self._child.stop()
        self._child = None


def _decode(line: bytes, module: str) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError as error:
        raise BrokenToolError(f"{module} answered what is not JSON") from error
    if not isinstance(answer, dict):
        raise BrokenToolError(f"{module} answered {type(answer).__name__}, not an object")
    return answer


class Pool:
    """Up to ``size`` workers of one kind, shared between threads, started when first needed."""

    def __init__(self, module: str, *, size: int = 1) -> None:
        self._all = [Worker(module) for _ in range(size)]
        self._idle = self._all[::-1]
        self._waiting: collections.deque[queue.SimpleQueue[Worker]] = collections.deque()
        self._lock = threading.Lock()

    @property
    def restarts(self) -> int:
        """How often a worker was started in the place of one that had ended."""
        return sum(max(0, worker.restarts) for worker in self._all)

    def warm(self) -> None:
        """Start one worker in the background, so that the first question waits less."""
        with self.worker() as worker:
            worker.start()

    @contextlib.contextmanager
    def worker(self, seconds: float | None = None) -> Iterator[Worker]:
        """A worker for this thread alone; waits while all are busy, first come, first served.

        Raises OverdueError if none was free for ``seconds``.
        """
        worker = self._take(seconds)
        try:
            yield worker
        finally:
            self._give(worker)

    def _take(self, seconds: float | None) -> Worker:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            turn: queue.SimpleQueue[Worker] = queue.SimpleQueue()
            self._waiting.append(turn)
        try:
            return turn.get(timeout=seconds)
        except BaseException as error:  # Ctrl-C too: a worker handed over must not be lost
            with self._lock:
                if turn in self._waiting:
                    self._waiting.remove(turn)
            with contextlib.suppress(queue.Empty):
                self._give(turn.get_nowait())
            if isinstance(error, queue.Empty):
                raise OverdueError from None
            raise

    def _give(self, worker: Worker) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().put(worker)
            else:
                self._idle.append(worker)

    def close(self) -> None:
        """Kill all workers, also those at work for another thread."""
        with self._lock:
            for worker in self._all:
                if worker in self._idle:
                    worker.stop()
                else:
                    worker.kill()


def serve(handle: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """The child's side: say that it is ready, then answer each request line with one line.

    ``handle`` maps a request object to an answer object. What it raises is the answer
    ``{"error": type, "message": text}``; running out of memory ends the child. Whatever a
    library prints goes to standard error: standard output is for answers alone.
    """
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    answers.write("{}\n")
    answers.flush()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = handle(request)
        except MemoryError:
            sys.stderr.write("MemoryError\n")
            sys.stderr.flush()
            os._exit(1)
        except Exception as error:  # noqa: BLE001 - it is reported as the answer
            answer = {"error": type(error).__name__, "message": str(error)[:2000]}
        answers.write(json.dumps({**answer, "request": request["request"]}) + "\n")
        answers.flush()
