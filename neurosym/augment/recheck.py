"""No example leaves without a prover's verdict on its label, and evidence that was checked again.

The prover is another than the one that labelled, so that one prover's bug does not label data.
Of a mutant in Lean the file is judged afresh, against its own statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from neurosym.augment.base import LABELS, Example
from provers.base import (
    LeanProblem,
    LeanProof,
    Limits,
    Outcome,
    Prover,
    Result,
)
from provers.errors import InputError
from provers.lean.base import Checker
from provers.lean.binders import tokens
from provers.lean.judge import judge
from provers.recheck import recheck as check_evidence

if TYPE_CHECKING:
    from neurosym.augment.lean.mutants import Mutant

_NAME: Final = re.compile(r"[^\W\d][\w'!?₀-₉]*(?:\.[^\W\d][\w'!?₀-₉]*)*")
_MOST_DETAIL: Final = 200  # characters of a tool's own words


@dataclass(frozen=True, slots=True)
class Agreed:
    """An example, the verdict that agrees with its label, and how its evidence was checked."""

    example: Example
    result: Result
    how: str


@dataclass(frozen=True, slots=True)
class AgreedMutant:
    """A mutant and the judge's verdict on its file."""

    mutant: Mutant
    result: Result


@dataclass(frozen=True, slots=True)
class Refused:
    """What does not leave, and why.

    ``reason`` begins with its kind: ``no label``, ``disagrees``, ``unknown``, ``ill_formed``,
    ``failed``, or ``evidence`` where the verdict agrees but does not hold when it is checked.
    """

    id: str
    reason: str

    @property
    def kind(self) -> str:
        return self.reason.partition(":")[0]


def recheck(
    examples: Iterable[Example],
    prover: Prover,
    limits: Limits = Limits(),
    *,
    labelled_by: str,
    refused: list[Refused] | None = None,
) -> Iterator[Agreed]:
    """The examples with whose labels ``prover`` agrees; the others are added to ``refused``.

    Raises InputError where the prover is the one that labelled, and MissingToolError where a tool
    is not there.
    """
    if prover.name == labelled_by:
        raise InputError(f"{labelled_by} labelled these examples: name another prover.")
    return _recheck(examples, prover, limits, [] if refused is None else refused)


def _recheck(
    examples: Iterable[Example], prover: Prover, limits: Limits, refused: list[Refused]
) -> Iterator[Agreed]:
    for example in examples:
        if example.label not in LABELS:
            refused.append(Refused(example.id, f"no label: {example.label}"))
            continue
        result = prover.prove(example.problem, limits)
        reason = _against(result) or _disagrees(example.label, result)
        if not reason:
            checked = check_evidence(example.problem, result, limits)
            if checked.ok:
                yield Agreed(example, result, checked.how)
                continue
            reason = f"evidence: {checked.how}: {checked.detail}"
        refused.append(Refused(example.id, reason))


def recheck_mutants(
    mutants: Iterable[Mutant],
    checker: Checker,
    limits: Limits = Limits(),
    *,
    refused: list[Refused] | None = None,
) -> Iterator[AgreedMutant]:
    """The mutants whose files prove their statements; the others are added to ``refused``.

    Raises MissingToolError or BrokenToolError where there is no Lean.
    """
    turned_away = [] if refused is None else refused
    for mutant in mutants:
        if not _is_one(mutant):
            turned_away.append(Refused(mutant.name, "ill_formed: it is no single statement"))
            continue
        result = judge(checker, LeanProblem(mutant.code, _bracketed(mutant)), limits)
        reason = _against(result)
        if not reason and result.outcome is not Outcome.PROVED:
            reason = _disagrees(Outcome.PROVED, result)
        if not reason and isinstance(result.evidence, LeanProof):
            if result.evidence.tier == "replayed":
                yield AgreedMutant(mutant, result)
                continue
            reason = f"evidence: {result.evidence.tier}: its proof was not replayed in the kernel"
        turned_away.append(Refused(mutant.name, reason))


def statement_of(mutant: Mutant) -> str:
    """The theorem of a mutant without its proof, with all that it needs in front."""
    return f"{mutant.before}theorem {mutant.name} : {mutant.statement}"


def _bracketed(mutant: Mutant) -> str:
    return f"{mutant.before}theorem {mutant.name} : ({mutant.statement}\n)"


def _is_one(mutant: Mutant) -> bool:
    """Whether name and statement are these alone, and no end of a theorem and another behind it."""
    found = list(tokens(f"({mutant.statement}\n)"))
    closed = found[-1].text == ")" and found[-1].depth == 0
    return closed and all(t.depth for t in found[1:-1]) and bool(_NAME.fullmatch(mutant.name))


def _against(result: Result) -> str:
    """Why a result is no verdict; empty for one."""
    if result.conclusive:
        return ""
    said = " ".join(result.messages[0].text.split())[:_MOST_DETAIL] if result.messages else ""
    if result.outcome is Outcome.UNKNOWN:
        return f"unknown: {result.reason}"
    return f"{result.outcome}: {said or result.prover}"


def _disagrees(label: Outcome, result: Result) -> str:
    if result.outcome is label:
        return ""
    return f"disagrees: labelled {label}, {result.prover} says {result.outcome}"
