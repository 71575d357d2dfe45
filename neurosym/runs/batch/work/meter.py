"""What one attempt takes: the provers' time, the model's tokens, and what is left of a budget."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from neurosym.llm.base import Completions, Model, Request
from provers.base import AnyProblem, Attempts, Conflict, Limits, Message, Outcome, Prover, Result
from provers.lean.base import INIT, Checker, Header, LeanVersion, Reply

_SPENT: Final = "the budget of the problem was spent"


class SpentError(Exception):
    """The budget of the problem is spent; ``reason`` says of what: ``timeout`` or ``tokens``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Meter:
    """One attempt's budget, and what it has taken. ``broken``: a prover crashed on the way.

    ``hurried``: something was given less time than its own limit, or none.
    """

    def __init__(self, seconds: float | None = None, tokens: int | None = None) -> None:
        self._deadline = math.inf if seconds is None else time.monotonic() + seconds
        self._tokens = tokens
        self._lock = threading.Lock()
        self.prover_seconds = 0.0
        self.tokens = 0
        self.requests = 0
        self.broken = False
        self.hurried = False

    @property
    def left(self) -> float:
        """Seconds that are left; infinite without a budget."""
        return self._deadline - time.monotonic()

    @property
    def tokens_left(self) -> int | None:
        return None if self._tokens is None else max(0, self._tokens - self.tokens)

    def limits(self, limits: Limits) -> Limits:
        """The limits within the budget. Raises SpentError where nothing is left."""
        left = self.left
        if left >= limits.seconds:
            return limits
        self.hurried = True
        if left <= 0:
            raise SpentError("timeout")
        return Limits(left, limits.megabytes)

    def spend(self) -> None:
        """Raises SpentError where a model may not be asked any more."""
        if self.left <= 0:
            raise SpentError("timeout")
        if self.tokens_left == 0:
            raise SpentError("tokens")

    def count(self, seconds: float) -> None:
        """Count time that a prover took; two searches may do so at once."""
        with self._lock:
            self.prover_seconds += seconds

    def take(self, result: Result) -> Result:
        """Count a prover's result."""
        self.count(result.seconds)
        if result.outcome is Outcome.FAILED and not isinstance(result.evidence, Conflict):
            self.broken = True
        return result


class Metered:
    """A prover of which every question counts, and none outlives the budget."""

    def __init__(self, prover: Prover, meter: Meter) -> None:
        self.name = prover.name
        self._prover = prover
        self._meter = meter

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        """What the prover answers in what is left; ``unknown``/``timeout`` where nothing is."""
        try:
            limits = self._meter.limits(limits)
        except SpentError:
            return Result(
                Outcome.UNKNOWN,
                self.name,
                0.0,
                reason="timeout",
                evidence=Attempts(()),
                messages=(Message(_SPENT),),
            )
        return self._meter.take(self._prover.prove(problem, limits))

    def asking(self, limits: Limits) -> Callable[[AnyProblem], Result]:
        """``prove`` with the same limits for every problem."""
        return lambda problem: self.prove(problem, limits)

    def warm(self) -> None:
        """Start the prover in the background."""
        self._prover.warm()

    def close(self) -> None:
        """Nothing: the prover is its owner's."""


class MeteredChecker:
    """A Lean whose own time counts."""

    def __init__(self, checker: Checker, meter: Meter) -> None:
        self._checker = checker
        self._meter = meter

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        """Raises MissingToolError or BrokenToolError."""
        reply = self._checker.ask(header, request, limits)
        self._meter.count(reply.seconds)
        return reply

    def version(self) -> LeanVersion:
        return self._checker.version()

    def warm(self, header: Header = INIT) -> None:
        self._checker.warm(header)

    def close(self) -> None:
        """Nothing: the Lean is its owner's."""


class Counted:
    """A model whose tokens count; it is not asked once the budget is spent."""

    def __init__(self, model: Model, meter: Meter) -> None:
        self.name = model.name
        self._model = model
        self._meter = meter

    def complete(self, request: Request) -> Completions:
        """Raises SpentError, and what the model raises."""
        self._meter.spend()
        return self._count([self._model.complete(request)])[0]

    def complete_all(self, requests: Sequence[Request]) -> list[Completions]:
        """Raises SpentError, and what the model raises."""
        if not requests:
            return []
        self._meter.spend()
        return self._count(self._model.complete_all(requests))

    def close(self) -> None:
        """Nothing: the model is its owner's."""

    def _count(self, found: list[Completions]) -> list[Completions]:
        self._meter.requests += len(found)
        self._meter.tokens += sum(one.tokens for one in found)
        return found
