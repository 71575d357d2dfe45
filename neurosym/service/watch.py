"""What tells the work of one request to stop, and when its budget is spent."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

Stopped: TypeAlias = Literal["", "cancelled", "timeout"]


class Watch:
    """One request's own; thread-safe. Its budget of ``seconds`` counts from when it is made."""

    __slots__ = ("_cancelled", "_end", "_lock", "_stop")

    def __init__(self, seconds: float = float("inf")) -> None:
        self._end = time.monotonic() + seconds
        self._cancelled = False
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None

    def cancel(self) -> None:
        """Stop: nobody wants the answer any more. What runs is stopped, where it can be."""
        with self._lock:  # so that what is stopped is still this request's own
            self._cancelled = True
            if self._stop is not None:
                self._stop()

    def expire(self, seconds: float = 0.0) -> None:
        """Let at most so many seconds be left of the budget; if none, what runs is stopped."""
        self._end = min(self._end, time.monotonic() + seconds)
        if seconds <= 0:
            with self._lock:
                if self._stop is not None:
                    self._stop()

    @property
    def left(self) -> float:
        """What is left of the budget, in seconds; nothing once it is cancelled."""
        return 0.0 if self._cancelled else max(0.0, self._end - time.monotonic())

    def stopped(self) -> Stopped:
        """Why the work should stop, if it should."""
        if self._cancelled:
            return "cancelled"
        return "timeout" if time.monotonic() >= self._end else ""

    @contextlib.contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """What ``cancel`` calls while the block runs; it must be quick."""
        with self._lock:
            self._stop = stop
        try:
            yield
        finally:
            with self._lock:
                self._stop = None
