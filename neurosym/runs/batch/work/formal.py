"""Attempts at formal problems in logic: SMT-LIB, TPTP, and formulas, given or recorded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from neurosym.runs.batch.work.finding import DECIDED, Finding
from neurosym.runs.batch.work.meter import Metered
from neurosym.runs.items import Item
from neurosym.runs.problems import ProblemRecord, problem_of, write_outcome
from neurosym.translate.repair import Repaired
from provers.base import Attempts, Conflict, Limits, Message, Outcome, Result
from provers.errors import InputError
from provers.failures import failure

_MENDED: Final = ("auto", "nltk", "unicode")


def prove(item: Item, record: ProblemRecord, prover: Metered, limits: Limits) -> Finding:
    """What the prover says of a problem; text that cannot be read is ``ill_formed``."""
    try:
        problem = problem_of(record)
    except InputError as error:
        return judged(item, record, failure("", error, 0.0))
    return judged(item, record, prover.prove(problem, limits))


def prove_recorded(
    item: Item, record: ProblemRecord, prover: Metered, limits: Limits, *, mend: bool
) -> Finding:
    """What the prover says of a problem that a model wrote, mended where that is wanted.

    Every change is in the output, with the problem as it was asked. Where the formulas may say
    less than was meant, ``independent`` is no answer, and becomes ``unknown``/``incomplete``.
    """
    if not mend or record.language != "fol" or record.notation not in _MENDED or not record.goal:
        return prove(item, record, prover, limits)
    from neurosym.translate.repair import repair_problem
    from neurosym.verify.report import formal

    asking = prover.asking(limits)
    try:
        read = repair_problem(record.premises, record.goal, record.notation, asking)
    except InputError as error:
        return judged(item, record, failure("", error, 0.0))
    result = prover.prove(read.problem, limits)
    if not read.trusts(result.outcome):
        result = _doubted(result, read)
    found = judged(item, record, result)
    written = {"formal": formal(read.problem), **_changes(read)}
    return replace(found, output={**found.output, **written})


def _doubted(result: Result, read: Repaired) -> Result:
    doubts = tuple(Message(f"in doubt: {doubt}", "warning") for doubt in read.doubts)
    return Result(
        Outcome.UNKNOWN,
        result.prover,
        result.seconds,
        reason="incomplete",
        evidence=Attempts((("problem", str(result.outcome), result.seconds),)),
        flags=result.flags,
        messages=(*result.messages, *doubts),
    )


def _changes(read: Repaired) -> dict[str, Any]:
    return {
        "repairs": [{"kind": one.kind, "message": one.message} for one in read.repairs],
        "dropped": [{"premise": d.index + 1, "text": d.text, "why": d.why} for d in read.dropped],
    }


def judged(item: Item, record: ProblemRecord, result: Result) -> Finding:
    """A result held against the set's answer; without one, it is solved where it is decided."""
    outcome = str(result.outcome)
    answer = item.answers.answer(outcome)
    if item.gold is not None:
        solved = answer == item.gold
    elif record.language == "lean4":
        solved = result.outcome is Outcome.PROVED
    else:
        solved = outcome in DECIDED
    output = {**write_outcome(record, result), "id": item.id}
    reason, again = _reason(result)
    return Finding(outcome, output, reason, answer, solved, result.prover, not again, again)


def _reason(result: Result) -> tuple[str, bool]:
    """The reason of a result, and whether it is worth another try."""
    if result.outcome is not Outcome.FAILED:
        return result.reason, False
    conflict = isinstance(result.evidence, Conflict)
    return "conflict" if conflict else "crash", not conflict
