"""Several provers on one problem: the first conclusive answer wins.

The first prover gets a head start, since most problems are easy; the others join if it has not
answered by then. Two conclusive answers that contradict each other make the result ``failed``
with both, never one of the two.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Sequence

from provers.base import (
    AnyProblem,
    Attempts,
    Conflict,
    Evidence,
    Limits,
    Message,
    Outcome,
    Prover,
    Result,
)
from provers.errors import InputError, NeurosymError

HEAD_START_SECONDS = 0.5
# Two conclusive answers that can both be right: with contradictory premises, goal and negation
# both follow, and only one prover may have noticed why.
_COMPATIBLE = frozenset(
    {
        frozenset({Outcome.PROVED, Outcome.INCONSISTENT}),
        frozenset({Outcome.REFUTED, Outcome.INCONSISTENT}),
    }
)


class Portfolio:
    """Races provers. ``agree``: wait for all of them, so that every contradiction is seen."""

    name = "portfolio"

    def __init__(self, provers: Sequence[Prover], *, agree: bool = False) -> None:
        if not provers:
            raise InputError("A portfolio needs at least one prover.")
        self.provers = tuple(provers)
        self.agree = agree

    def warm(self) -> None:
        """Start the first prover's worker in the background."""
        self.provers[0].warm()

    def close(self) -> None:
        """Stop all workers."""
        for prover in self.provers:
            prover.close()

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        """The first conclusive answer; ``failed`` where two contradict; else the best reason."""
        start = time.monotonic()
        answers: queue.SimpleQueue[Result] = queue.SimpleQueue()
        if not self.agree and len(self.provers) > 1:
            head = min(HEAD_START_SECONDS, limits.seconds / 2)
        else:
            head = 0.0
        results: list[Result] = []
        for position, prover in enumerate(self.provers):
            left = limits.seconds - (time.monotonic() - start)
            thread = threading.Thread(
                target=_answer,
                args=(prover, problem, Limits(max(0.05, left), limits.megabytes), answers),
                daemon=True,
            )
            thread.start()
            if position == 0 and head:
                with contextlib.suppress(queue.Empty):
                    results.append(answers.get(timeout=head))
                if results and results[0].conclusive:
                    return results[0]
        while len(results) < len(self.provers):
            if not self.agree and any(r.conclusive for r in results):
                break
            results.append(answers.get())
        while not answers.empty():
            results.append(answers.get())
        self._stop_losers(results)
        return self._combine(results, time.monotonic() - start)

    def _stop_losers(self, results: list[Result]) -> None:
        done = {result.prover for result in results}
        for prover in self.provers:
            if prover.name not in done:
                prover.close()

    def _combine(self, results: list[Result], seconds: float) -> Result:
        conclusive = [r for r in results if r.conclusive]
        for one in conclusive:
            for other in conclusive:
                pair = frozenset({one.outcome, other.outcome})
                if len(pair) == 2 and pair not in _COMPATIBLE:
                    answers = tuple((r.prover, str(r.outcome)) for r in conclusive)
                    text = "; ".join(f"{p} says {a}" for p, a in answers)
                    return Result(
                        Outcome.FAILED,
                        self.name,
                        seconds,
                        evidence=Conflict(answers),
                        messages=(Message(f"provers contradict each other: {text}", "error"),),
                    )
        if conclusive:
            noticed = [r for r in conclusive if r.outcome is Outcome.INCONSISTENT]
            return (noticed or conclusive)[0]
        return self._inconclusive(results, seconds)

    def _inconclusive(self, results: list[Result], seconds: float) -> Result:
        """Nobody knows: ill-formed input is named first, then the reason that says most."""
        order = ("timeout", "memory", "incomplete", "unsupported")
        wrong = [r for r in results if r.outcome is Outcome.ILL_FORMED]
        if wrong:
            return wrong[0]
        unknown = [r for r in results if r.outcome is Outcome.UNKNOWN]
        if not unknown:
            return results[0]
        best = min(unknown, key=lambda r: order.index(r.reason))
        tried = tuple((r.prover, str(r.reason or r.outcome), r.seconds) for r in results)
        nested = tuple(t for r in results for t in _tried(r.evidence))
        messages = tuple(m for r in results for m in r.messages)
        return Result(
            Outcome.UNKNOWN,
            self.name,
            seconds,
            reason=best.reason,
            evidence=Attempts(tried + nested),
            flags=best.flags,
            messages=messages,
            szs=best.szs,
        )


def _tried(evidence: Evidence | None) -> tuple[tuple[str, str, float], ...]:
    return evidence.tried if isinstance(evidence, Attempts) else ()


def _answer(
    prover: Prover, problem: AnyProblem, limits: Limits, answers: queue.SimpleQueue[Result]
) -> None:
    start = time.monotonic()
    try:
        answers.put(prover.prove(problem, limits))
    except Exception as error:  # noqa: BLE001 - without an answer the others would wait for ever
        text = str(error) if isinstance(error, NeurosymError) else f"{prover.name} broke: {error!r}"
        message = Message(text, "error")
        seconds = time.monotonic() - start
        answers.put(Result(Outcome.FAILED, prover.name, seconds, messages=(message,)))
