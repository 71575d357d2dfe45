"""What the checks of a question are made of: facts, and reports of stages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal, TypeAlias

from neurosym.verify.report import formal
from provers.base import Problem, Result
from provers.logic.syntax import (
    INT,
    REAL,
    Apply,
    Arith,
    ArithOp,
    Compare,
    CompareOp,
    Eq,
    Formula,
    Number,
    Sort,
    Term,
)
from provers.records import write_result

Stage: TypeAlias = Literal["format", "conditions", "contradiction", "missing", "goal"]
StageVerdict: TypeAlias = Literal["passed", "flawed", "unknown"]
By: TypeAlias = Literal["prover", "rule"]

STAGES: Final[tuple[Stage, ...]] = ("format", "conditions", "contradiction", "missing", "goal")


# --- facts ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """One formula and where it is from.

    ``stated``: the question's words, as ``text`` quotes them; ``axiom``: true of everything of
    its kind, as ``text`` says; ``translated``: a language model's formula for ``text``.
    """

    formula: Formula
    text: str
    kind: Literal["stated", "axiom", "translated"] = "stated"


Theory: TypeAlias = tuple[Fact, ...]
"""Facts that are all about the same things, and must hold together."""

Reader: TypeAlias = Callable[[str], Iterator[Theory]]
"""Finds in a question's text what it can turn into facts; never raises on any text."""


def number(value: Fraction | int, sort: Sort = REAL) -> Number:
    return Number(Fraction(value), sort)


def unknown(name: str, sort: Sort = REAL) -> Apply:
    """A quantity of the question, as a constant."""
    return Apply(name, (), sort)


def arith(op: ArithOp, *args: Term) -> Term:
    """``args`` joined by ``op``; the sort is the first one's."""
    first = args[0]
    return Arith(op, args, first.sort)


def whole(name: str, value: Fraction) -> Formula:
    """That the whole number ``name`` is ``value``: a sentence about integers alone."""
    scaled = arith("*", number(value.denominator, INT), unknown(name, INT))
    return Eq(scaled, number(value.numerator, INT))


def compare(left: Term, op: CompareOp, right: Term) -> Formula:
    return Compare(op, left, right)


# --- text ----------------------------------------------------------------------------------

NUMERAL: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,12})?|\d{1,15}(?:\.\d{1,12})?|\.\d{1,12}"
"""A numeral without sign, as a pattern without groups."""
MINUS: Final = r"(?:[-−–]|negative\s+)"

_WORDS: Final = {
    word: value
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
}
COUNT: Final = rf"(?:{'|'.join(_WORDS)}|\d{{1,6}})"
"""A small whole number in words or digits, as a pattern without groups."""


def value_of(text: str) -> Fraction:
    """The value of what ``NUMERAL`` or ``COUNT`` matched, with a sign in front or not."""
    text = text.strip().lower()
    sign = re.match(MINUS, text)
    if sign is not None:
        return -value_of(text[sign.end() :])
    return Fraction(_WORDS[text]) if text in _WORDS else Fraction(text.replace(",", ""))


def quoted(text: str) -> str:
    """A piece of the question on one line, at most 80 characters."""
    piece = re.sub(r"\s+", " ", text).strip(" ,.;:")
    return piece if len(piece) <= 80 else f"{piece[:77]}..."


# --- reports -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StageReport:
    """One stage's answer.

    ``by`` says what decided: a ``prover``, whose answer ``evidence`` is, to ``problem``; or an
    exact ``rule`` about the text. ``conflicting`` quotes what cannot hold together, with nothing
    in it that could be left out where the evidence is minimal, and ``assuming`` what the
    prover's answer rests on besides the question's own words: general truths, and a model's
    translations.
    """

    stage: Stage
    verdict: StageVerdict
    message: str
    by: By | None = None
    evidence: Result | None = None
    problem: Problem | None = None
    conflicting: tuple[str, ...] = ()
    assuming: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raises ValueError for a verdict that nothing decided, or a prover's without evidence."""
        if (self.verdict == "unknown") != (self.by is None):
            raise ValueError(f"{self.verdict} by {self.by}")
        if self.by == "prover" and (
            self.evidence is None or self.problem is None or not self.evidence.conclusive
        ):
            raise ValueError("a prover's verdict needs its evidence and problem")


@dataclass(frozen=True, slots=True)
class QuestionChecks:
    """All five stages, in order."""

    stages: tuple[StageReport, ...]
    seconds: float = 0.0

    def __getitem__(self, stage: Stage) -> StageReport:
        return self.stages[STAGES.index(stage)]

    @property
    def flawed(self) -> tuple[StageReport, ...]:
        return tuple(report for report in self.stages if report.verdict == "flawed")

    @property
    def verdict(self) -> StageVerdict:
        """``flawed`` if any stage is, ``passed`` if all are, else ``unknown``."""
        if self.flawed:
            return "flawed"
        passed = all(report.verdict == "passed" for report in self.stages)
        return "passed" if passed else "unknown"


def write_checks(checks: QuestionChecks) -> dict[str, Any]:
    """The JSON of a question's checks, with each prover's problem and evidence."""
    return {
        "verdict": checks.verdict,
        "stages": [_write_stage(report) for report in checks.stages],
        "seconds": round(checks.seconds, 4),
    }


def _write_stage(report: StageReport) -> dict[str, Any]:
    return {
        "stage": report.stage,
        "verdict": report.verdict,
        "by": report.by,
        "message": report.message,
        "conflicting": list(report.conflicting),
        "assuming": list(report.assuming),
        "formal": None if report.problem is None else formal(report.problem),
        "evidence": None if report.evidence is None else write_result(report.evidence),
    }
