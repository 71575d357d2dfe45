"""From claims to a step's verdict, from steps and the answer to the verdict on the whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from neurosym.translate import answers
from neurosym.verify.base import AnswerReport, Claim, QuestionReport, StepReport, Verdict
from neurosym.verify.checks import Asker
from neurosym.verify.measures import unit_conflict
from neurosym.verify.reader import Reader
from neurosym.verify.vacuity import says_nothing
from neurosym.verify.values import results
from provers.base import Outcome
from provers.logic.syntax import Formula

# What speaks for the whole, first that occurs: what is known to be wrong, then tools that
# failed, then what is known not to follow, then what is not known.
PRECEDENCE = (
    Verdict.REFUTED,
    Verdict.INCONSISTENT,
    Verdict.ILL_FORMED,
    Verdict.FAILED,
    Verdict.INDEPENDENT,
    Verdict.UNKNOWN,
    Verdict.AMBIGUOUS,
    Verdict.UNTRANSLATED,
    Verdict.PROVED,
    Verdict.NO_CLAIM,
)
_NO_CLAIM = "no step makes a claim"
# Within a step, all claims and sentences are asserted together: while one is undecided, that
# another does not follow is not yet the verdict on all.
_WITHIN = (
    Verdict.REFUTED,
    Verdict.INCONSISTENT,
    Verdict.ILL_FORMED,
    Verdict.FAILED,
    Verdict.UNKNOWN,
    Verdict.INDEPENDENT,
    Verdict.AMBIGUOUS,
    Verdict.UNTRANSLATED,
    Verdict.PROVED,
)


def of_claims(verdicts: Iterable[Verdict], unread: bool) -> Verdict:
    """A step's verdict: ``proved`` only if every claim is and every sentence was read."""
    found = set(verdicts)
    if unread:
        found.add(Verdict.UNTRANSLATED)
    return next((v for v in _WITHIN if v in found), Verdict.NO_CLAIM)


def of_steps(
    steps: Sequence[StepReport], question: QuestionReport, answer: AnswerReport
) -> Verdict:
    """The whole's verdict.

    ``proved``: every step with a claim is proved from what is given and from proved steps, no
    step uses numbers or names from nowhere, and the answer follows. An answer that contradicts
    the reasoning's own is ``refuted``; proved steps that do not carry the answer, or rest on an
    assumption, leave the whole ``unknown``.
    """
    found = {step.verdict for step in steps}
    if question.consistency is not None and question.consistency.outcome is Outcome.INCONSISTENT:
        found.add(Verdict.INCONSISTENT)
    if answer.verdict is Verdict.REFUTED:
        found.add(Verdict.REFUTED)
    verdict = next((v for v in PRECEDENCE if v in found), Verdict.NO_CLAIM)
    if verdict is Verdict.PROVED and not (
        answer.verdict in (Verdict.PROVED, Verdict.NO_CLAIM) and all(map(_is_sound, steps))
    ):
        return Verdict.UNKNOWN
    return verdict


def _is_sound(step: StepReport) -> bool:
    return not {"unfaithful", "depends_on_refuted"} & set(step.flags) and all(
        claim.supported for claim in step.claims
    )


def _doubts(step: StepReport) -> str:
    found = [flag for flag in step.flags if flag in ("unfaithful", "depends_on_refuted")]
    return " and ".join(found or ["rests on what is not proved"])


# --- the answer ----------------------------------------------------------------------------


def check_answer(
    given: str | None, text: str, steps: Sequence[StepReport], asker: Asker, reader: Reader
) -> AnswerReport:
    """Whether the record's answer, or else the one that ``text`` states, follows.

    A number follows if it is what the last claim of the last step with claims arrives at, and
    that step is proved; a statement, if the prover derives it from the proved steps. Claims
    like ``42 = 42`` are passed over: they arrive at whatever one likes.
    """
    stated = answers.extract(text)
    value = given if given is not None else stated
    if value is None or not value.strip():
        return AnswerReport(Verdict.NO_CLAIM, message="no answer is stated")
    if given is not None and stated is not None and answers.equivalent(given, stated) is False:
        message = f"the reasoning answers {stated}"
        return AnswerReport(Verdict.REFUTED, value, stated, message=message)
    ending = _ending(steps)
    if ending is None:
        some = any(step.claims for step in steps)
        message = "no step claims more than that a number is itself" if some else _NO_CLAIM
        return AnswerReport(Verdict.UNKNOWN, value, stated, message=message)
    last, claim = ending
    if _arrives(claim.formula, value):
        conflict = unit_conflict(value, claim.text)
        if conflict:
            message = f"step {last.index} arrives at the number, but {conflict}"
            return AnswerReport(Verdict.UNKNOWN, value, stated, last.index, message)
        if last.verdict is Verdict.PROVED and _is_sound(last):
            return AnswerReport(Verdict.PROVED, value, stated, last.index)
        doubt = last.verdict if last.verdict is not Verdict.PROVED else _doubts(last)
        message = f"step {last.index} arrives at it, but is {doubt}"
        return AnswerReport(Verdict.UNKNOWN, value, stated, last.index, message)
    step = _deriving(value, steps, asker, reader)
    if step is not None:
        return AnswerReport(Verdict.PROVED, value, stated, step)
    message = f"step {last.index}, the last with a claim, does not arrive at it"
    return AnswerReport(Verdict.UNKNOWN, value, stated, message=message)


def _ending(steps: Sequence[StepReport]) -> tuple[StepReport, Claim] | None:
    """The last claim that says something, and its step."""
    return next(
        (
            (step, report.claim)
            for step in reversed(steps)
            for report in reversed(step.claims)
            if not says_nothing(report.claim)
        ),
        None,
    )


def _arrives(formula: Formula, value: str) -> bool:
    return any(answers.equivalent(value, str(number)) for number in results(formula))


def _deriving(value: str, steps: Sequence[StepReport], asker: Asker, reader: Reader) -> int | None:
    """The proved step after which a statement follows from all that is proved; else None."""
    reading = reader.read(value)
    if not reading.claims or reading.unread or reading.assumptions:
        return None
    if all(says_nothing(claim) for claim in reading.claims):
        return None
    proved = [
        (step.index, claim)
        for step in steps
        if step.verdict is Verdict.PROVED
        for claim in step.claims
        if claim.supported
    ]
    if not proved:
        return None
    premises = tuple(claim.claim.formula for _, claim in proved)
    for claim in reading.claims:
        try:
            problem = asker.problem(premises, claim.formula)
        except ValueError:  # the forward reading has no such question
            return None
        if asker.prove(problem).outcome is not Outcome.PROVED:
            return None
    return proved[-1][0]
