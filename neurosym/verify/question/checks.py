"""All stages of one question, and the two that a prover decides from facts."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from neurosym.verify.base import Hypothesis
from neurosym.verify.checks import doubt_of_conflict
from neurosym.verify.given import Given, read_given
from neurosym.verify.question import (
    counts,
    equations,
    figures,
    magnitudes,
    numbers,
    shapes,
    wording,
)
from neurosym.verify.question.base import (
    Fact,
    QuestionChecks,
    Reader,
    StageReport,
    Theory,
    quoted,
)
from neurosym.verify.question.format import check_format
from neurosym.verify.question.goal import check_goal
from neurosym.verify.question.inequalities import read_false_inequalities
from neurosym.verify.question.missing import check_missing, read_conditions
from neurosym.verify.segment import sentences
from neurosym.verify.values import is_computation, is_linear
from provers.base import Limits, Outcome, Problem, Prover, Refutation, Result
from provers.logic.syntax import Formula

Formalize: TypeAlias = Callable[[str], tuple[Formula, ...] | None]
"""A translator of one sentence that no rule reads: its formulas, or None where it has none."""

READERS: Final[tuple[Reader, ...]] = (
    *counts.READERS,
    *magnitudes.READERS,
    *numbers.READERS,
    *shapes.READERS,
    *figures.READERS,
    *equations.READERS,
    *wording.READERS,
)
_RUNS: Final = re.compile(r"([.!?])\1{3,}")
"""Points in a row that mean no more than three, and cost time to divide into sentences."""
MAX_TEXT: Final = 20_000
MAX_THEORIES: Final = 60
MAX_TRANSLATED: Final = 40


def check_question(
    text: str,
    prover: Prover,
    limits: Limits = Limits(seconds=5),
    *,
    formalize: Formalize | None = None,
    readers: Sequence[Reader] = READERS,
) -> QuestionChecks:
    """Check the text of one question, with ``limits`` for each thing that ``prover`` is asked.

    ``readers`` find conditions in the text; ``formalize`` translates sentences that no rule
    reads, and what rests on it says so. Never raises on any text; what ``formalize`` and
    ``prover`` raise is passed on.
    """
    start = time.perf_counter()
    if len(text) > MAX_TEXT:
        reason = f"longer than {MAX_TEXT:,} characters: not read"
        stages = tuple(
            StageReport(stage, "unknown", reason)
            for stage in ("format", "conditions", "contradiction", "missing", "goal")
        )
        return QuestionChecks(stages, time.perf_counter() - start)
    text = _RUNS.sub(r"\1\1\1", text)
    conditions, contradiction = _check_conditions(text, prover, limits, formalize, readers)
    stages = (
        check_format(text),
        conditions,
        contradiction,
        check_missing(text, prover, limits),
        check_goal(text),
    )
    return QuestionChecks(stages, time.perf_counter() - start)


# --- conditions, alone and together --------------------------------------------------------


def _check_conditions(
    text: str,
    prover: Prover,
    limits: Limits,
    formalize: Formalize | None,
    readers: Sequence[Reader],
) -> tuple[StageReport, StageReport]:
    """The reports of ``conditions`` and ``contradiction``.

    A theory of which one stated fact alone contradicts what is generally true spoils a
    condition; with two or more stated facts it is a contradiction between them.
    """
    alone: StageReport | None = None
    together: StageReport | None = None
    held = undecided = 0
    for theory in islice(_theories(text, readers), MAX_THEORIES):
        problem = Problem(tuple(fact.formula for fact in theory))
        result = prover.prove(problem, limits)
        held += result.outcome is Outcome.SATISFIABLE
        undecided += not result.conclusive
        if result.outcome is not Outcome.INCONSISTENT:
            continue
        report = _conflict(theory, problem, result)
        if report.stage == "conditions":
            alone = alone or report
        else:
            together = together or report
    together = together or _false_goal(text, prover, limits)
    given = read_given(text, [])
    conflict = _conflict_of_all(text, given, prover, limits, formalize)
    if conflict is not None and conflict.stage == "conditions":
        alone = alone or conflict
    elif conflict is not None:
        together = together or conflict
    alone = alone or _by_rule(text)
    if alone is None and together is None:
        alone, together = _of_all_read(text, prover, limits)
    reason = _unread(given, held, undecided)
    return (
        alone or StageReport("conditions", "unknown", reason),
        together or StageReport("contradiction", "unknown", reason),
    )


def _theories(text: str, readers: Sequence[Reader]) -> Iterator[Theory]:
    for reader in readers:
        yield from reader(text)


def _conflict(theory: Theory, problem: Problem, result: Result) -> StageReport:
    """What contradicts what, as the prover's evidence tells."""
    evidence = result.evidence
    used = evidence.used if isinstance(evidence, Refutation) else range(len(theory))
    facts = [theory[i] for i in used]
    stated = tuple(dict.fromkeys(fact.text for fact in facts if fact.kind != "axiom"))
    assuming = tuple(dict.fromkeys(fact.text for fact in facts if fact.kind == "axiom"))
    if any(fact.kind == "translated" for fact in facts):
        assuming += ("a language model's translations",)
    words = ", ".join(f"{piece!r}" for piece in stated)
    if len(stated) == 1:
        why = f": {assuming[0]}" if assuming else ""
        message = f"{words} cannot be{why}"
    else:
        message = f"{words} contradict each other"
    return StageReport(
        "conditions" if len(stated) == 1 else "contradiction",
        "flawed",
        message,
        "prover",
        result,
        problem,
        stated,
        assuming,
    )


def _false_goal(text: str, prover: Prover, limits: Limits) -> StageReport | None:
    """An inequality that the question wants proved, where it fails."""
    for theory in read_false_inequalities(text):
        problem = Problem(tuple(fact.formula for fact in theory))
        result = prover.prove(problem, limits)
        if result.outcome is Outcome.SATISFIABLE:
            values = ", ".join(fact.text for fact in theory if fact.kind == "axiom")
            stated = tuple(fact.text for fact in theory if fact.kind == "stated")
            message = f"what is to be proved is false for {values}"
            return StageReport(
                "contradiction", "flawed", message, "prover", result, problem, stated
            )
    return None


# --- the whole question --------------------------------------------------------------------


def _conflict_of_all(
    text: str, given: Given, prover: Prover, limits: Limits, formalize: Formalize | None
) -> StageReport | None:
    """A conflict in all that the general readers understand and ``formalize`` adds, if any."""
    if _UNSURE.search(text):
        return None
    parts = sentences(text)
    hypotheses = [h for h in given.hypotheses if h.source.kind == "question"]
    facts = [Fact(h.formula, quoted(_words(parts, h))) for h in hypotheses]
    if formalize is not None:
        for source, sentence in given.unread[:MAX_TRANSLATED]:
            formulas = formalize(sentence) or ()
            facts += [Fact(f, quoted(sentence), "translated") for f in formulas]
            hypotheses += [Hypothesis(f, source, "model") for f in formulas]
    if not facts:
        return None
    problem = Problem(tuple(fact.formula for fact in facts))
    result = prover.prove(problem, limits)
    if result.outcome is not Outcome.INCONSISTENT:
        return None
    evidence = result.evidence
    used = evidence.used if isinstance(evidence, Refutation) else range(len(facts))
    rests_on = [hypotheses[i] for i in used]
    # "a scale of 1 inch = 3 miles" is no computation; those that are stand in formulas.
    if all(is_computation(h.formula) for h in rests_on):
        return None
    doubt = doubt_of_conflict(rests_on, given.context.meanings.letters)
    return None if doubt else _conflict(tuple(facts), problem, result)


def _of_all_read(
    text: str, prover: Prover, limits: Limits
) -> tuple[StageReport | None, StageReport | None]:
    """The reports of a question of which every word was read; none where some was not."""
    conditions = read_conditions(text)
    if conditions is None:
        return None, None
    problem = Problem(tuple(fact.formula for fact in conditions))
    result = prover.prove(problem, limits)
    if result.outcome is Outcome.INCONSISTENT and all(is_linear(f.formula) for f in conditions):
        report = _conflict(conditions, problem, result)
        return (report, None) if report.stage == "conditions" else (None, report)
    if result.outcome is not Outcome.SATISFIABLE:
        return None, None
    message = "all that is given was read, and holds together"
    return (
        StageReport("conditions", "passed", message, "prover", result, problem),
        StageReport("contradiction", "passed", message, "prover", result, problem),
    )


# Parts of a question may suppose different things; and functions of angles are not read here.
_UNSURE: Final = re.compile(
    r"\([12ivab]+\)|\b(?:instead|suppose|case)\b|^\s*[12][.)]|(?:sin|cos|tan|cot|log|ln)\b", re.M
)


def _words(parts: Sequence[str], hypothesis: Hypothesis) -> str:
    index = hypothesis.source.index - 1
    return parts[index] if 0 <= index < len(parts) else str(hypothesis.source)


def _unread(given: Given, held: int, undecided: int) -> str:
    """Why a stage is unknown: what was not read, and what came of the rest."""
    count = len(given.unread)
    parts = [f"{count} sentence{'s' * (count != 1)} could not be read" if count else ""]
    parts.append(f"{held} of the conditions that were read hold" if held else "")
    parts.append(f"{undecided} were not decided" if undecided else "")
    return "; ".join(filter(None, parts)) or "not every word could be read"


# --- rules ---------------------------------------------------------------------------------

_FOUR_CORNERS: Final = re.compile(
    r"(?:\btriangle\s+\$?|\\triangle\s*)(?P<name>[A-Z]\s?[A-Z]\s?[A-Z]\s?[A-Z])(?![A-Za-z'_])"
    r"|(?<![A-Za-z\\])(?P<named>[A-Z]\s?[A-Z]\s?[A-Z]\s?[A-Z])\s*\$?\s+be\s+an?\s+"
    r"(?:[a-z-]+\s+){0,2}triangle\b"
)
_ROUND: Final = re.compile(
    r"\b(?:diameter|circumference|radius)\s+of\s+(?:(?:the\s+|an?\s+)?(?:multiple|number|integer"
    r"|fraction|sum|product)\b"
    r"|(?:the\s+|an?\s+)?(?:angle\b|\$?\\angle))",
    re.IGNORECASE,
)


def _by_rule(text: str) -> StageReport | None:
    """Conditions that name what does not exist, and that no formula says."""
    rules = (
        (_FOUR_CORNERS, "a triangle has three corners"),
        (_ROUND, "only round things have such a size"),
    )
    for pattern, why in rules:
        match = pattern.search(text)
        if match is not None:
            words = quoted(match.group())
            return StageReport(
                "conditions", "flawed", f"{words!r} cannot be: {why}", "rule", conflicting=(words,)
            )
    return None
