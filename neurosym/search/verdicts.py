"""The results of a search: what was found, with the judge's evidence, or why nothing was."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from neurosym.search.base import TOKEN_BUDGET, Attempt
from provers.base import Attempts, Conflict, Message, Outcome, Reason, Result
from provers.errors import ModelError
from provers.lean.hunt import Hunt
from provers.lean.judge import PROVER

_MOST_TRIED = 500


def proved(found: Result, hunt: Hunt, seconds: float) -> Result:
    """The judge's ``proved``, flagged where the hypotheses contradict each other."""
    flags = ("vacuous",) if hunt.vacuous() else ()
    return dataclasses.replace(found, seconds=seconds, flags=flags, messages=())


def without_proof_found(
    attempts: Sequence[Attempt], seconds: float, *, short: bool, crashes: bool, why: str
) -> Result:
    """A search that came to its end: ``short`` of tokens, or with all tried that there was."""
    if crashes:
        message = Message("Lean crashed at every proof", "error")
        return Result(Outcome.FAILED, PROVER, seconds, messages=(message,))
    text = f"the budget of tokens is used up; {why}" if short else why
    return unknown("incomplete", text, seconds, attempts, flags=(TOKEN_BUDGET,) if short else ())


def unknown(
    reason: Reason,
    text: str,
    seconds: float,
    attempts: Sequence[Attempt],
    *,
    flags: tuple[str, ...] = (),
) -> Result:
    tried = tuple((a.proof, a.answer, a.seconds) for a in attempts[:_MOST_TRIED])
    return Result(
        Outcome.UNKNOWN,
        PROVER,
        seconds,
        reason=reason,
        evidence=Attempts(tried),
        flags=flags,
        messages=(Message(text),),
    )


def unanswered(error: ModelError, seconds: float, attempts: Sequence[Attempt]) -> Result:
    """The model did not answer: the tool is broken, but for a statement that is too long for it."""
    if error.reason == "too_long":
        return unknown("unsupported", str(error), seconds, attempts)
    text = f"the model did not answer ({error.reason}): {error}"
    return Result(Outcome.FAILED, PROVER, seconds, messages=(Message(text, "error"),))


def conflict(first: Result, second: Result, seconds: float) -> Result:
    """Lean accepted a proof of the statement and one of its negation: neither is believed."""
    answers = (("search", str(first.outcome)), ("negation", str(second.outcome)))
    text = "Lean accepts a proof of the statement and a proof of its negation"
    return Result(
        Outcome.FAILED,
        PROVER,
        seconds,
        evidence=Conflict(answers),
        messages=(Message(text, "error"),),
    )
