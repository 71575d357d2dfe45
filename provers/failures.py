"""Results for what was not proved because it could not be read, run or supported."""

from __future__ import annotations

from provers.base import AnyProblem, Message, Outcome, Result
from provers.errors import BrokenToolError, InputError, ParseError


def unsupported(prover: str, problem: AnyProblem, seconds: float) -> Result:
    """The result for a kind of problem that the prover does not read."""
    kind = getattr(problem, "language", "lean4")
    message = Message(f"{prover} does not read {kind} problems")
    return Result(Outcome.UNKNOWN, prover, seconds, reason="unsupported", messages=(message,))


def failure(prover: str, error: InputError | BrokenToolError, seconds: float) -> Result:
    """``ill_formed`` with the position for bad input, ``failed`` with last words for a crash."""
    match error:
        case ParseError():
            where = Message(str(error), "error", error.line, error.column)
            return Result(Outcome.ILL_FORMED, prover, seconds, messages=(where,))
        case InputError():
            message = Message(str(error), "error")
            return Result(Outcome.ILL_FORMED, prover, seconds, messages=(message,))
        case BrokenToolError():
            words = filter(None, (str(error), error.stderr))
            messages = tuple(Message(text, "error") for text in words)
            return Result(Outcome.FAILED, prover, seconds, messages=messages)
