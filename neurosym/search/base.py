"""What a proof search is asked, what it found, and how it is stopped."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias

from provers.base import Limits, Result
from provers.errors import InputError
from provers.lean.base import INIT, Checker, Header, LeanVersion, Reply
from provers.records import write_result

Mode: TypeAlias = Literal["portfolio", "whole", "best-first"]
MODES: Final[tuple[Mode, ...]] = ("portfolio", "whole", "best-first")
TOKEN_BUDGET: Final = "token_budget"
"""The flag of a search that ended since it had no tokens left; its reason is ``incomplete``."""
_SLACK_SECONDS: Final = 3.0


class Lemma(Protocol):
    """A lemma that may help: its full name, and what it states (empty where that is not known)."""

    @property
    def name(self) -> str: ...

    @property
    def statement(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Premise:
    """A ``Lemma`` of two words."""

    name: str
    statement: str = ""


Selector: TypeAlias = Callable[[str, Header], Sequence[Lemma]]
"""Premises for a theorem or a tactic state as Lean prints it, in a file with these imports; the
most useful first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to search; may be sent to other processes.

    ``whole``: ``samples`` proofs are drawn, and each that fails goes back with Lean's complaint up
    to ``rounds`` times. ``best-first``: ``samples`` tactics are drawn for each state, of which
    ``expansions`` are looked at. All are drawn at ``temperature`` (0: the likeliest alone).
    ``negate``: refutations are looked for at the same time.

    Raises InputError for numbers that make no search.
    """

    mode: Mode = "whole"
    samples: int = 4
    rounds: int = 2
    temperature: float = 0.7
    expansions: int = 128
    negate: bool = True

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise InputError(f"there is no search {self.mode!r}: choose one of {', '.join(MODES)}.")
        if self.samples < 1 or self.expansions < 1:
            raise InputError("a search needs at least one sample and one expansion.")
        if self.rounds < 0 or not 0 <= self.temperature <= 10:
            raise InputError("rounds and temperature of a search are at least 0.")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One candidate: its tactics, and what came of them.

    ``answer`` is ``proved``, ``refused: ...`` (never shown to Lean), ``repeated`` (an earlier one
    again), ``error: ...`` with the first of Lean's errors, ``not accepted: ...`` by the judge, or
    what a tactic left to prove. ``round`` counts the complaints that led to it. What is longer
    than a proof may be is cut.
    """

    proof: str
    answer: str
    round: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a search.

    ``result`` is conclusive only with evidence that the judge accepted. ``proof`` is the shortest
    accepted proof (tactics), empty without one. ``tokens`` counts the generated ones (estimated
    where the engine does not say), ``prompt_tokens`` those sent as far as they are known. ``model``
    and ``prompt`` (SHA-256 of its file) are empty where no model was asked.
    """

    result: Result
    mode: Mode
    proof: str = ""
    attempts: tuple[Attempt, ...] = ()
    tokens: int = 0
    prompt_tokens: int = 0
    requests: int = 0
    model: str = ""
    prompt: str = ""


def write_found(found: Found) -> dict[str, Any]:
    """A search as JSON: the record of its result, and how it went under ``search``."""
    return {
        **write_result(found.result),
        "search": {
            "mode": found.mode,
            "model": found.model,
            "prompt": found.prompt,
            "proof": found.proof,
            "tokens": found.tokens,
            "prompt_tokens": found.prompt_tokens,
            "requests": found.requests,
            "attempts": [
                {
                    "round": attempt.round,
                    "answer": attempt.answer,
                    "seconds": round(attempt.seconds, 4),
                    "proof": attempt.proof,
                }
                for attempt in found.attempts
            ],
        },
    }


class StoppedError(Exception):
    """Nobody waits for this search any more."""


class Stop:
    """Tells those who search that they should end; thread-safe. There may be a ``deadline``."""

    def __init__(self) -> None:
        self.deadline = math.inf
        self._called = threading.Event()

    def call(self) -> None:
        self._called.set()

    def left(self) -> float:
        """Seconds until the deadline. Raises StoppedError where it is over, or was called."""
        left = self.deadline - time.monotonic()
        if left <= 0 or self._called.is_set():
            raise StoppedError
        return left


class Stoppable:
    """A checker that takes no more requests once it is to stop: it raises StoppedError.

    A request that has begun may take a little longer: a server that is stopped in the middle of
    one has to be started again, and Lean's own limit on work ends most of them soon.
    """

    def __init__(self, checker: Checker, stop: Stop) -> None:
        self._checker = checker
        self._stop = stop

    def ask(self, header: Header, request: dict[str, Any], limits: Limits) -> Reply:
        seconds = min(limits.seconds, self._stop.left()) + _SLACK_SECONDS
        return self._checker.ask(header, request, Limits(seconds, limits.megabytes))

    def version(self) -> LeanVersion:
        return self._checker.version()

    def warm(self, header: Header = INIT) -> None:
        self._checker.warm(header)

    def close(self) -> None:
        """Nothing: it is its owner's."""
