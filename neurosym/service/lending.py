"""Provers lent to one piece of work at a time, so that stopping one's prover stops no other's."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from neurosym.service.watch import Watch
from provers.base import AnyProblem, Attempts, Limits, Message, Outcome, Prover, Result


class Watched:
    """A prover under a request's watch: no question outlives the budget."""

    def __init__(self, prover: Prover, watch: Watch) -> None:
        self.name = prover.name
        self._prover = prover
        self._watch = watch

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        """What the prover answers in what is left; ``unknown``/``timeout`` where nothing is."""
        left = self._watch.left
        if left <= 0:
            return _spent(self.name, 0.0)
        result = self._prover.prove(problem, Limits(min(limits.seconds, left), limits.megabytes))
        if result.outcome is Outcome.FAILED and self._watch.stopped():
            return _spent(self.name, result.seconds)  # it was stopped, and did not break
        return result

    def warm(self) -> None:
        self._prover.warm()

    def close(self) -> None:
        """Nothing: the prover is only lent."""


def _spent(name: str, seconds: float) -> Result:
    return Result(
        Outcome.UNKNOWN,
        name,
        seconds,
        reason="timeout",
        evidence=Attempts(()),
        messages=(Message("the request's budget was spent"),),
    )


class Lending:
    """Provers by name, each lent to one borrower at a time; ``kept`` idle ones of a name stay."""

    def __init__(self, load: Callable[[str], Prover], kept: int) -> None:
        self._load = load
        self._kept = kept
        self._lock = threading.Lock()
        self._idle: dict[str, list[Prover]] = {}
        self._closed = False

    @contextlib.contextmanager
    def borrow(self, name: str, watch: Watch) -> Iterator[Watched]:
        """A prover for this piece of work; stopped when its watch is cancelled.

        Raises UnknownProverError for a name that is none, MissingToolError for what is not there.
        """
        with self._lock:
            idle = self._idle.get(name)
            prover = idle.pop() if idle else None
        if prover is None:
            prover = self._load(name)
        try:
            with watch.stopping(prover.close):
                yield Watched(prover, watch)
        finally:
            self._take_back(name, prover)

    def warm(self, name: str) -> None:
        """Start as many as are kept, in the background."""
        started = [self._load(name) for _ in range(self._kept)]
        for prover in started:
            prover.warm()
            self._take_back(name, prover)

    def close(self) -> None:
        """Stop what is idle, and whatever comes back."""
        with self._lock:
            self._closed = True
            idle = [prover for provers in self._idle.values() for prover in provers]
            self._idle.clear()
        for prover in idle:
            prover.close()

    def _take_back(self, name: str, prover: Prover) -> None:
        with self._lock:
            idle = self._idle.setdefault(name, [])
            keep = not self._closed and len(idle) < self._kept
            if keep:
                idle.append(prover)
        if not keep:
            prover.close()
