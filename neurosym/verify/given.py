"""Read what a record gives: the facts of its question, and its premises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from neurosym.translate.arithmetic import Quantities
from neurosym.verify.base import Hypothesis, QuestionReport, Source
from neurosym.verify.checks import Asker, Reading, doubt_of_conflict, used_by
from neurosym.verify.context import LOGICAL, Context
from neurosym.verify.reader import Reader, RuleReader
from neurosym.verify.segment import sentences
from provers.base import Outcome, Result
from provers.logic.syntax import Formula

# A question can hide facts: "If x + 2 = 5, what is x?"
_CONDITION = re.compile(
    r"\s*(?:if|given(?:\s+that)?|suppose(?:\s+that)?|when|since)\s+(?P<fact>.{1,2000}?),\s*"
    r"(?:then\s+)?(?:what|how|find|which|who|is|are|does|do|can|compute|determine)\b",
    re.IGNORECASE | re.DOTALL,
)
_HIDING = re.compile(
    r"\b(?:if|given|since|when|suppose|assuming|knowing|where|who|that)\b", re.IGNORECASE
)


@dataclass(slots=True)
class Given:
    """The hypotheses that a record starts with, and what could not be read of it."""

    unread: list[tuple[Source, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    quantities: Quantities | None = None
    read: int = 0
    context: Context = field(default_factory=Context)

    @property
    def hypotheses(self) -> list[Hypothesis]:
        return self.context.hypotheses

    def formulas(self, translator: str) -> tuple[Formula, ...]:
        wanted = LOGICAL if translator in LOGICAL else {translator}
        return tuple(h.formula for h in self.hypotheses if h.translator in wanted)

    @property
    def gap(self) -> str:
        """What is missing, as words; empty where everything was read."""
        if not self.unread:
            return ""
        where = list(dict.fromkeys(str(source) for source, _ in self.unread))
        more = f" and {len(where) - 3} more" if len(where) > 3 else ""
        return f"{', '.join(where[:3])}{more} could not be read"


def read_given(question: str, premises: list[str], reader: Reader | None = None) -> Given:
    """The facts of a question (its interrogative sentences are no facts) and the premises.

    Raises ModelError where ``reader`` needs a language model that cannot be asked.
    """
    given = Given()
    reader = reader or RuleReader()
    reader.prepare([question, *premises])
    for index, sentence in enumerate(sentences(question), 1):
        source = Source("question", index)
        if not sentence.rstrip("\"')”’ ").endswith("?"):
            given_by(given, source, reader.read(sentence), sentence)
            continue
        condition = _CONDITION.match(sentence)
        if condition is not None:
            given_by(given, source, reader.read(condition["fact"]), condition["fact"])
        elif _HIDING.search(sentence):
            given.unread.append((source, sentence))
    for index, premise in enumerate(premises, 1):
        before = given.read
        for sentence in sentences(premise):
            given_by(given, Source("premise", index), reader.read(sentence), sentence)
        given.read = before + (given.read > before)
    if question or premises:
        given.quantities = Quantities.from_text("\n".join([question, *premises]))
    return given


def given_by(given: Given, source: Source, reading: Reading, text: str) -> None:
    """Add one reading to what is given."""
    given.context.introduce(text, source)
    for claim in reading.claims:
        given.hypotheses.append(
            Hypothesis(
                claim.formula,
                source,
                claim.translator,
                alternatives=claim.alternatives,
                flags=claim.flags if claim.formalization is not None else (),
            )
        )
        given.messages += [f"{source}: {flag}" for flag in claim.flags]
    for formula in reading.assumptions:
        given.hypotheses.append(Hypothesis(formula, source, "arithmetic"))
    given.read += bool(reading.claims or reading.assumptions)
    given.unread += [(source, sentence) for sentence in reading.unread]
    given.messages += [f"{source}: {message}" for message in reading.messages]


def examine(given: Given, asker: Asker) -> QuestionReport:
    """Whether what was read of the question and premises is consistent."""
    if not given.hypotheses:
        return QuestionReport(
            given.read, tuple(given.unread), messages=tuple(dict.fromkeys(given.messages))
        )
    messages = list(given.messages)
    try:
        problem = asker.problem(tuple(h.formula for h in given.hypotheses))
    except ValueError as error:
        messages.append(f"not examined: {error}")
        unread = tuple(given.unread)
        return QuestionReport(given.read, unread, messages=tuple(dict.fromkeys(messages)))
    result = asker.prove(problem)
    if result.outcome is Outcome.INCONSISTENT:
        doubt = doubt_of_conflict(used_by(result, given.hypotheses), given.context.meanings.letters)
        if doubt:
            messages.append(doubt)
            result = Result(Outcome.UNKNOWN, result.prover, result.seconds, "incomplete")
    return QuestionReport(
        given.read,
        tuple(given.unread),
        result,
        problem,
        tuple(h.source for h in given.hypotheses),
        tuple(dict.fromkeys(messages)),
    )
