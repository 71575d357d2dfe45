"""Provers lent to one piece of work at a time, so that stopping one's prover stops no other's."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from neurosym.service.watch import Watch
from provers.base import AnyProblem, Attempts, Limits, Message, Outcome, Prover, Result
from provers.portfolio import Portfolio
from provers.smt import SmtProver

# More time or memory may change an answer for these reasons, and no other.
_UNDECIDED = frozenset({"timeout", "memory", "incomplete"})


class Watched:
    """A prover under a request's watch: no question outlives the budget.

    Of all its answers it remembers whether more time might change one (``undecided``), whether
    one had less time than its own limit for the budget's sake (``hurried``), and whether a tool
    broke (``failed``).
    """

    def __init__(self, prover: Prover, watch: Watch) -> None:
        self.name = prover.name
        self.undecided = False
        self.hurried = False
        self.failed = False
        self._prover = prover
        self._watch = watch

    def prove(self, problem: AnyProblem, limits: Limits) -> Result:
        """What the prover answers in what is left; ``unknown``/``timeout`` where nothing is."""
        left = self._watch.left
        if left <= 0:
            return self._spent(0.0)
        less = left < limits.seconds
        if less:
            limits = Limits(left, limits.megabytes)
        result = self._prover.prove(problem, limits)
        if result.outcome is Outcome.FAILED:
            if self._watch.stopped():  # it was stopped, and did not break
                return self._spent(result.seconds)
            self.failed = True
        elif result.outcome is Outcome.UNKNOWN and result.reason in _UNDECIDED:
            self.undecided = True
            self.hurried = self.hurried or less
        return result

    def _spent(self, seconds: float) -> Result:
        self.hurried = True
        return Result(
            Outcome.UNKNOWN,
            self.name,
            seconds,
            reason="timeout",
            evidence=Attempts(()),
            messages=(Message("the request's budget was spent"),),
        )

    def warm(self) -> None:
        """Start the prover in the background."""
        self._prover.warm()

    def close(self) -> None:
        """Nothing: the prover is only lent."""


class Lending:
    """Provers by name, each lent to one borrower at a time; ``kept`` idle ones of a name stay.

    ``restarted`` is told how many processes had to be started again.
    """

    def __init__(
        self, load: Callable[[str], Prover], kept: int, restarted: Callable[[int], None]
    ) -> None:
        self._load = load
        self._kept = kept
        self._restarted = restarted
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
        before = _restarts(prover)
        try:
            with watch.stopping(prover.close):
                yield Watched(prover, watch)
        finally:
            again = _restarts(prover) - before
            if again:
                self._restarted(again)
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


def _restarts(prover: Prover) -> int:
    """How often a prover had to start a process in the place of another."""
    match prover:
        case SmtProver():
            return prover.solver.pool.restarts
        case Portfolio():
            return sum(map(_restarts, prover.provers))
        case _:
            return 0
