"""Turn a step into formal claims, and ask a prover about each.

A claim is asked with what is given and what is proved so far. Only where that decides nothing
are the closed world and, last, unproved earlier steps added: what needed them is flagged
``assumed``, and an unproved step never counts against a claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from neurosym.translate import arithmetic, english
from neurosym.translate.base import Status
from neurosym.verify import forward, vacuity
from neurosym.verify.base import Claim, ClaimReport, Hypothesis, Source, Verdict
from neurosym.verify.context import LOGICAL
from neurosym.verify.values import is_computation, is_linear, letters
from provers.base import (
    Limits,
    Message,
    Outcome,
    Problem,
    Prover,
    Refutation,
    Result,
)
from provers.logic.syntax import Eq, Formula

_OPEN = frozenset({Outcome.INDEPENDENT, Outcome.UNKNOWN})
_ANSWER = re.compile(
    r"\s*(?:####|\(?(?:final\s+)?answer\b|A\s*:"
    r"|(?:so|thus|hence|therefore)?,?\s*(?:the|my|our)\s+(?:final\s+|correct\s+)?answer\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a text: claims, assumptions it makes, and sentences not understood."""

    claims: tuple[Claim, ...] = ()
    assumptions: tuple[Formula, ...] = ()
    unread: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()


Closing = Callable[[tuple[Formula, ...], Formula | None], tuple[Formula, ...]]


@dataclass(frozen=True, slots=True)
class Asker:
    """How claims are asked: the prover, its limits, and what the world adds.

    ``closing`` gives the formulas of the closed world, ``base`` is what they are computed from;
    both are absent in an open world. ``unread``: something given could not be read, so that
    what does not follow might still follow from it. ``introduced``: the letters that the text
    said the meaning of. ``forward``: rules are read forwards only.
    """

    prover: Prover
    limits: Limits
    unread: str = ""
    closing: Closing | None = None
    base: tuple[Formula, ...] = ()
    introduced: frozenset[str] = frozenset()
    forward: bool = False

    def problem(self, premises: tuple[Formula, ...], goal: Formula | None = None) -> Problem:
        """What is asked; raises ValueError where the forward reading has no such question."""
        return forward.problem(premises, goal) if self.forward else Problem(premises, goal)

    def prove(self, problem: Problem) -> Result:
        return self.prover.prove(problem, self.limits)


# --- reading -------------------------------------------------------------------------------


def read_sentence(sentence: str, known: arithmetic.Quantities | None = None) -> Reading:
    """The claims of one sentence; a question claims nothing."""
    if sentence.rstrip("\"')”’* ").endswith("?"):
        return Reading()
    sums = arithmetic.translate(sentence, known)
    if sums.status is Status.TRANSLATED:
        given = sums.assumptions
        claims = tuple(
            Claim(f, sums.translator, sentence, sums.flags, assumptions=given)
            for f in sums.formulas
        )
        # A relation beside the claims that could not be read is a claim that is not checked.
        partly = any(message.startswith(arithmetic.NOT_READ) for message in sums.messages)
        return Reading(claims, given, (sentence,) if partly else (), sums.messages)
    if sums.status is Status.NO_CLAIM:
        return Reading(assumptions=sums.assumptions, messages=sums.messages)
    has_relation = sums.messages != (arithmetic.NO_RELATION,)
    if _ANSWER.match(sentence) and not has_relation:
        return Reading(messages=("states the answer, which is checked by itself",))
    words = english.translate(sentence)
    if words.status is Status.TRANSLATED:
        claims = tuple(Claim(f, words.translator, sentence, words.flags) for f in words.formulas)
        return Reading(claims, messages=words.messages)
    if words.status is Status.NO_CLAIM and not has_relation:
        return Reading(messages=words.messages)
    why = sums.messages if has_relation else words.messages
    return Reading(unread=(sentence,), messages=why)


# --- asking --------------------------------------------------------------------------------


def check(claim: Claim, usable: Sequence[Hypothesis], asker: Asker) -> ClaimReport:
    """Ask the prover about one claim, under the hypotheses that it may use."""
    if is_computation(claim.formula):
        return _computation(claim, asker)
    attempt = _Attempt(claim, asker)
    given = [h for h in usable if h.supported]
    made = [
        Hypothesis(f, Source("assumption", i + 1), claim.translator, supported=False)
        for i, f in enumerate(claim.assumptions)
    ]
    doubtful = [*(h for h in usable if not h.supported), *made]
    attempt.ask(given)
    if attempt.open and asker.closing is not None and claim.translator in LOGICAL:
        attempt.close(given)
    if attempt.open and doubtful:
        attempt.suppose(given, doubtful)
    return attempt.report()


def _computation(claim: Claim, asker: Asker) -> ClaimReport:
    problem = Problem((), claim.formula)
    result = asker.prove(problem)
    empty = (vacuity.VACUOUS,) if vacuity.says_nothing(claim) else ()
    return ClaimReport(
        claim,
        problem,
        (),
        result,
        Verdict(result.outcome),
        result.reason,
        tuple(dict.fromkeys((*claim.flags, *result.flags, *empty))),
        tuple(m.text for m in result.messages),
    )


class _Attempt:
    """One claim on its way to a report: the best answer so far and what it was asked with."""

    def __init__(self, claim: Claim, asker: Asker) -> None:
        self.claim = claim
        self.asker = asker
        self.hypotheses: list[Hypothesis] = []
        self.closed: list[Hypothesis] = []
        self.messages: list[str] = []
        self.problem: Problem
        self.result: Result

    @property
    def open(self) -> bool:
        return self.result.outcome in _OPEN

    def ask(self, hypotheses: list[Hypothesis]) -> None:
        self._take(hypotheses, *self._asked(hypotheses))

    def close(self, given: list[Hypothesis]) -> None:
        """Ask again in the closed world."""
        assert self.asker.closing is not None
        try:
            formulas = self.asker.closing(self.asker.base, self.claim.formula)
        except ValueError as error:  # no closed world is defined for such premises
            self.messages.append(f"the closed world was left out: {error}")
            return
        closed = [
            Hypothesis(f, Source("assumption", i + 1), "english") for i, f in enumerate(formulas)
        ]
        if not closed:
            return
        problem, result = self._asked([*given, *closed])
        if result.outcome is Outcome.INCONSISTENT:
            self.messages.append("the closed world contradicts the premises and was left out")
            return
        self.closed = closed
        self._take([*given, *closed], problem, result)

    def suppose(self, given: list[Hypothesis], doubtful: list[Hypothesis]) -> None:
        """Ask again with what is not proved; only ``proved`` counts, the rest is a message."""
        hypotheses = [*given, *self.closed, *doubtful]
        problem, result = self._asked(hypotheses)
        match result.outcome:
            case Outcome.PROVED:
                self._take(hypotheses, problem, result)
            case Outcome.REFUTED:
                used = [hypotheses[i] for i in _used(result)]
                against = _named([h.source for h in used if not h.supported])
                self.messages.append(f"contradicts {against}, which is itself not proved")
            case Outcome.INCONSISTENT:
                used = [hypotheses[i] for i in _used(result)]
                among = _named([h.source for h in used])
                self.messages.append(f"unproved statements contradict each other ({among})")
            case _:
                pass

    def _asked(self, hypotheses: list[Hypothesis]) -> tuple[Problem, Result]:
        formulas = tuple(h.formula for h in hypotheses)
        try:
            problem = self.asker.problem(formulas, self.claim.formula)
        except ValueError as error:
            message = Message(f"not asked: {error}")
            result = Result(
                Outcome.UNKNOWN,
                self.asker.prover.name,
                0.0,
                reason="unsupported",
                messages=(message,),
            )
            return Problem(formulas, self.claim.formula), result
        return problem, self.asker.prove(problem)

    def _take(self, hypotheses: list[Hypothesis], problem: Problem, result: Result) -> None:
        self.hypotheses, self.problem, self.result = hypotheses, problem, result

    def report(self) -> ClaimReport:
        verdict, reason = Verdict(self.result.outcome), str(self.result.reason)
        used = [self.hypotheses[i] for i in _used(self.result)]
        # What the closed world adds says of many things that they are false: that the claim is
        # among them is an answer, no restated premise.
        stated = zip(self.hypotheses, self.problem.premises, strict=True)
        given = tuple(formula for h, formula in stated if h not in self.closed)
        asked = Problem(given, self.problem.goal)
        empty = vacuity.flags(asked, self.result, self.asker.prove)
        flags = [*self.claim.flags, *self.result.flags]
        if any(h.source.kind == "assumption" or not h.supported for h in used):
            flags.append("assumed")
            unproved = _named([h.source for h in used if not h.supported])
            if unproved:
                self.messages.append(f"rests on {unproved}, which is not proved")
            else:
                self.messages.append("needs the closed world: what is not known is false")
        if verdict is Verdict.INDEPENDENT and self.asker.unread:
            verdict, reason = Verdict.UNKNOWN, "incomplete"
            self.messages.append(f"does not follow from what was read, but {self.asker.unread}")
        if verdict is Verdict.REFUTED and not used and not is_linear(self.claim.formula):
            # "x^2 = -1" may be about complex numbers, "ab - ba = 27" about digits, and either
            # may be said to have no solution: that it fails for all reals is no error by itself.
            verdict, reason = Verdict.UNKNOWN, "incomplete"
            self.messages.append("holds for no real numbers, but may be meant otherwise")
        if verdict is Verdict.INCONSISTENT:
            doubt = doubt_of_conflict(used_by(self.result, self.hypotheses), self.asker.introduced)
            if doubt:
                verdict, reason, empty = Verdict.UNKNOWN, "incomplete", ()
                self.messages.append(doubt)
        flags += empty
        flags += [flag for h in used for flag in h.flags]
        return ClaimReport(
            self.claim,
            self.problem,
            tuple(h.source for h in self.hypotheses),
            self.result,
            verdict,
            reason,
            tuple(dict.fromkeys(flags)),
            (*self.messages, *(m.text for m in self.result.messages)),
            tuple(dict.fromkeys(h.source for h in used)),
            supported=all(h.supported for h in used),
        )


def used_by(result: Result, hypotheses: Sequence[Hypothesis]) -> list[Hypothesis]:
    """What a result rests on; everything, where its evidence does not tell."""
    if isinstance(result.evidence, Refutation):
        return [hypotheses[i] for i in result.evidence.used]
    return list(hypotheses)


def doubt_of_conflict(used: Sequence[Hypothesis], introduced: frozenset[str]) -> str:
    """Why hypotheses that contradict each other may still be meant consistently; else empty.

    "x^2 + 1 = 0" has complex solutions, and "x = 5" in one place and "x = 3" in another may be
    about two things that nobody said were the same.
    """
    if not all(is_linear(h.formula) for h in used):
        return "what is given holds for no real numbers, but may be meant otherwise"
    named = frozenset(letter for h in used for letter in letters(h.formula))
    if (
        len(named) == 1
        and not named & introduced
        and len({h.source for h in used}) == len(used) == 2
        and all(isinstance(h.formula, Eq) and letters(h.formula) for h in used)
    ):
        where = _named([h.source for h in used])
        return f"{next(iter(named))!r} may stand for different things in {where}"
    return ""


def _used(result: Result) -> tuple[int, ...]:
    return result.evidence.used if isinstance(result.evidence, Refutation) else ()


def _named(sources: Sequence[Source]) -> str:
    return ", ".join(dict.fromkeys(map(str, sources)))
