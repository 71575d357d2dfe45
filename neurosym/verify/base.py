"""What verification answers: verdicts, and reports on claims, steps, answers and records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

from provers.base import LeanProof, Problem, Result
from provers.logic.syntax import Formula

if TYPE_CHECKING:
    from neurosym.translate.model import Formalization
    from neurosym.verify.fidelity import Signal
    from neurosym.verify.guess import Guess
    from neurosym.verify.inferred import Gap, Open
    from neurosym.verify.modelling import ModelUse
    from neurosym.verify.question import QuestionChecks


class Verdict(StrEnum):
    """The provers' outcomes, and what can come before any prover is asked."""

    PROVED = "proved"
    REFUTED = "refuted"
    INDEPENDENT = "independent"
    INCONSISTENT = "inconsistent"
    SATISFIABLE = "satisfiable"
    UNKNOWN = "unknown"
    ILL_FORMED = "ill_formed"
    FAILED = "failed"
    UNTRANSLATED = "untranslated"
    AMBIGUOUS = "ambiguous"
    NO_CLAIM = "no_claim"


World: TypeAlias = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a formal premise comes from; ``index`` counts from 1 within its kind.

    ``question``: a sentence of the question; ``premise``: a premise of the record; ``step``:
    an earlier step; ``assumption``: supplied by the checker (the closed world, or what a
    translator had to assume), which no text states.
    """

    kind: Literal["question", "premise", "step", "assumption"]
    index: int

    def __str__(self) -> str:
        return f"{self.kind} {self.index}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A formula that a step may use. ``supported``: given, or itself proved from what is given.

    ``alternatives`` are other meanings that a model's samples gave its text, ``flags`` what is
    doubtful about the chosen one.
    """

    formula: Formula
    source: Source
    translator: str
    supported: bool = True
    alternatives: tuple[Formula, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One formal claim of a step, before it is checked.

    Where a language model translated it, ``alternatives`` are the other meanings that its samples
    had, and ``formalization`` says how it came about.
    """

    formula: Formula
    translator: str
    text: str
    flags: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    assumptions: tuple[Formula, ...] = ()
    alternatives: tuple[Formula, ...] = ()
    formalization: Formalization | None = None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A meaning that would change the verdict: of the claim (``source`` None) or a hypothesis."""

    source: Source | None
    formula: Formula
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ClaimReport:
    """One claim and what the prover said; ``sources`` runs parallel to ``problem.premises``.

    ``supported``: nothing that is itself unproved was needed. ``certificate`` is a Lean proof of
    what the prover said, where there is one, and ``uncertified`` why there is none.

    ``disagreements`` are the translations under which the verdict would be another; where there
    are any it is ``ambiguous``, and ``majority`` is the one that the chosen translations give.
    ``gap`` is the premise that an ``independent`` claim would follow from, as a model proposed
    and a prover checked; ``signal`` the model's own yes or no on the translation.
    """

    claim: Claim
    problem: Problem
    sources: tuple[Source, ...]
    result: Result
    verdict: Verdict
    reason: str = ""
    flags: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    depends_on: tuple[Source, ...] = ()
    supported: bool = True
    certificate: LeanProof | None = None
    uncertified: str = "not asked for"
    disagreements: tuple[Disagreement, ...] = ()
    majority: Verdict | None = None
    gap: Gap | Open | None = None
    signal: Signal | None = None


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step: the verdict on all it claims. ``index`` counts from 1.

    ``guess`` is what a model thinks of a step that no prover decided.
    """

    index: int
    text: str
    verdict: Verdict
    reason: str = ""
    flags: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    claims: tuple[ClaimReport, ...] = ()
    seconds: float = 0.0
    guess: Guess | None = None

    @property
    def deciding(self) -> ClaimReport | None:
        """The claim that the step's verdict comes from; the last one where all agree."""
        same = [claim for claim in self.claims if claim.verdict == self.verdict]
        if self.verdict is Verdict.PROVED or not same:
            return self.claims[-1] if self.claims else None
        return same[0]

    @property
    def depends_on(self) -> tuple[Source, ...]:
        """What the evidence of all claims used, in order of first use."""
        return tuple(dict.fromkeys(s for claim in self.claims for s in claim.depends_on))


@dataclass(frozen=True, slots=True)
class QuestionReport:
    """What was read of the question and premises, and whether it fits together.

    ``unread`` are the texts that are missing from every step's premises; ``consistency`` is
    the prover's answer about the premises alone, where any was read. ``sentences`` are those of
    the question: what a source's index counts.
    """

    read: int = 0
    unread: tuple[tuple[Source, str], ...] = ()
    consistency: Result | None = None
    problem: Problem | None = None
    sources: tuple[Source, ...] = ()
    messages: tuple[str, ...] = ()
    checks: QuestionChecks | None = None
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """Whether the final answer follows: ``proved``, ``refuted``, ``unknown`` or ``no_claim``.

    ``value`` is the answer that is checked (the record's, else the text's), ``stated`` the
    text's own, ``step`` the step that supports it.
    """

    verdict: Verdict
    value: str | None = None
    stated: str | None = None
    step: int | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole record. ``complete`` is false when the run was interrupted."""

    id: str | int
    verdict: Verdict
    steps: tuple[StepReport, ...]
    question: QuestionReport
    answer: AnswerReport
    seconds: float
    complete: bool = True
    translation: ModelUse | None = None
