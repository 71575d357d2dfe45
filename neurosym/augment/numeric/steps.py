"""Reading and proving a step's English by the project's own arithmetic reader and a prover."""

from __future__ import annotations

from typing import Final

from neurosym.translate.arithmetic import NO_RELATION, NOT_READ, Quantities, translate
from neurosym.translate.base import Status
from provers.base import Limits, Outcome, Problem, Prover
from provers.logic.syntax import Formula, conjunction

LIMITS: Final = Limits(seconds=5.0, megabytes=1024)


class DroppedError(Exception):
    """A text that is not kept; ``reason`` is a short name, by which it is counted."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def read_step(text: str, known: Quantities | None) -> Formula | None:
    """What a step claims, as one formula; None for a step without any relation.

    Where a step has marks ``<<48/2=24>>``, what stands in them is its claim, and the words around
    them need not be read.

    Raises DroppedError ``unread`` for a relation that was not read (wholly), ``assumption`` for
    one that is supposed, ``unfaithful`` for one with a number that comes from nowhere.
    """
    found = translate(text, known)
    if found.assumptions:
        raise DroppedError("assumption", text[:80])
    unread = [m for m in found.messages if m.startswith(NOT_READ)]
    if unread and not (found.formulas and _marked(text, unread)):
        raise DroppedError("unread", unread[0][:120])
    if found.status is Status.UNTRANSLATED and found.messages != (NO_RELATION,):
        raise DroppedError("unread", found.messages[0][:120])
    if found.flags:
        raise DroppedError(found.flags[0], found.messages[0][:120])
    return conjunction(found.formulas) if found.formulas else None


def judge(formula: Formula, prover: Prover, limits: Limits = LIMITS) -> Outcome:
    """What the prover says of a closed formula without premises."""
    return prover.prove(Problem((), formula), limits).outcome


def _marked(text: str, unread: list[str]) -> bool:
    """The step has marks, and all of them were read."""
    return "<<" in text and not any(m.startswith(f"{NOT_READ} annotation") for m in unread)
