"""Verify a record step by step: read, ask, judge, and remember for the steps after."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from neurosym.translate import english
from neurosym.translate.arithmetic import Quantities
from neurosym.verify import aggregate
from neurosym.verify.ambiguity import settle
from neurosym.verify.base import (
    AnswerReport,
    Claim,
    ClaimReport,
    Hypothesis,
    QuestionReport,
    Report,
    Source,
    StepReport,
    Verdict,
)
from neurosym.verify.checks import Asker, check
from neurosym.verify.context import Context, references, without_references
from neurosym.verify.given import Given, examine, read_given
from neurosym.verify.reader import Reader, RuleReader
from neurosym.verify.records import MAX_CHARACTERS, MAX_STEPS, Outset, Record
from neurosym.verify.scope import Scope, shield, takes_back, withdraw
from neurosym.verify.segment import Step, sentences, step_of
from neurosym.verify.vacuity import VACUOUS
from neurosym.verify.values import is_computation, numbers, operands, results, stated
from provers.base import Limits, Outcome, Prover
from provers.errors import InputError
from provers.logic.syntax import Formula

if TYPE_CHECKING:
    from neurosym.translate.model import Formalization
    from neurosym.verify.guess import Guess
    from neurosym.verify.modelling import Modelling
    from neurosym.verify.question import QuestionChecks

_GUESSED = frozenset(
    {Verdict.INDEPENDENT, Verdict.UNKNOWN, Verdict.UNTRANSLATED, Verdict.AMBIGUOUS}
)
_NOT_REACHED = "not reached: the budget of the whole was spent"
_FALSE = frozenset({Verdict.REFUTED, Verdict.INCONSISTENT, Verdict.ILL_FORMED, Verdict.FAILED})


def verify(record: Record, prover: Prover, limits: Limits = Limits()) -> Report:
    """The report on a record. ``limits`` hold for each question to the prover.

    Raises InputError for a record with too many steps.
    """
    verification = Verification(record, prover, limits)
    for _ in verification:
        pass
    return verification.report()


class Verification:
    """A record being verified: iterating yields each step's report as it is done.

    ``add`` verifies a step that comes later, as a model writes it. ``report()`` may be asked for
    at any time; before the end it is marked as not complete.
    """

    def __init__(
        self,
        record: Outset,
        prover: Prover,
        limits: Limits,
        modelling: Modelling | None = None,
        check_question: bool = False,
    ) -> None:
        self.record = record
        self._modelling = modelling
        self._check_question = check_question
        self._reader: Reader = RuleReader()
        if modelling is not None:  # what a model needs is not loaded without one
            from neurosym.verify.modelling import ModelReader

            self._reader = ModelReader(modelling, prover, limits)
        self.steps = list(record.segmented())
        self.done: list[StepReport] = []
        self._labels = {s.number: i for i, s in enumerate(self.steps, 1) if s.number is not None}
        self._size = record.size
        self._given: Given | None = None
        self._known: Quantities | None = None
        self._scope = Scope()
        self._ended = False
        self._prover = prover
        self._limits = limits
        self._asker = Asker(prover, limits)
        self._question: QuestionReport | None = None
        self._start = time.monotonic()

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[StepReport]:
        while len(self.done) < len(self.steps):
            yield self._next()

    def add(self, text: str) -> StepReport:
        """Verify one step more, after those that are there.

        Raises InputError where the record would get too many steps or too much text.
        """
        if len(self.steps) >= MAX_STEPS:
            raise InputError(f"there are {MAX_STEPS:,} steps already, and no more are read.")
        if self._size + len(text) > MAX_CHARACTERS:
            raise InputError(f"at most {MAX_CHARACTERS:,} characters are read in all.")
        self._size += len(text)
        step = step_of(text)
        self.steps.append(step)
        if step.number is not None:
            self._labels[step.number] = len(self.steps)
        *_, report = self
        return report

    def end(self) -> tuple[StepReport, ...]:
        """Stop here: the steps that were not reached are ``unknown``/``timeout``; they are given.

        The report is then not complete.
        """
        left = tuple(
            StepReport(index, step.text, Verdict.UNKNOWN, "timeout", (), (_NOT_REACHED,), (), 0.0)
            for index, step in enumerate(self.steps[len(self.done) :], len(self.done) + 1)
        )
        self.done += left
        self._ended = True
        return left

    def _next(self) -> StepReport:
        """Verify the first step that is not done."""
        given = self._given = self._given or self._read()
        index = len(self.done) + 1
        step = self.steps[index - 1]
        cited = references(step.body, index, self._labels)
        report = self._step(index, step, given.context, cited, self._known, self._scope)
        self.done.append(report)
        _remember(report, given.context)
        self._known = None if self._known is None else self._known.with_text(step.body)
        return report

    def _read(self) -> Given:
        """Read and examine what the record gives."""
        given = read_given(self.record.question or "", self.record.premises, self._reader)
        closed = self.record.world == "closed" and not given.unread
        self._asker = Asker(
            self._prover,
            self._limits,
            given.gap,
            english.closed_world if closed else None,
            given.formulas("english"),
            forward=self.record.world == "forward",
        )
        if self.record.world == "closed" and not closed:
            given.messages.append(f"the closed world was left out: {given.gap}")
        told = sentences(self.record.question or "")
        self._question = dataclasses.replace(examine(given, self._asker), sentences=told)
        if self._check_question:
            self._question = dataclasses.replace(self._question, checks=self._checked())
        context = given.context
        context.sound_numbers.update(numbers(self.record.question or ""))
        for premise in self.record.premises:
            context.sound_numbers.update(numbers(premise))
        self._known = given.quantities
        return given

    def _step(
        self,
        index: int,
        step: Step,
        context: Context,
        cited: frozenset[int],
        known: Quantities | None,
        scope: Scope,
    ) -> StepReport:
        start = time.monotonic()
        messages: list[str] = []
        flags: list[str] = []
        unread: list[str] = []
        source = Source("step", index)
        reports: list[ClaimReport] = []
        for sentence in sentences(without_references(step.body) if cited else step.body):
            standing = scope.enter(index, sentence)
            if reports and takes_back(sentence):
                reports[-1] = withdraw(reports[-1])
            context.introduce(sentence, source)
            reading = self._reader.read(sentence, known)
            messages += reading.messages
            unread += reading.unread
            context.hypotheses += [
                Hypothesis(f, source, "arithmetic", supported=False) for f in reading.assumptions
            ]
            for claim in reading.claims:
                usable = context.usable(claim.translator, cited | {index} if cited else cited)
                asker = self._asker_for(claim, context)
                # What the step assumes is among the hypotheses already, as the step's own.
                claim = dataclasses.replace(claim, assumptions=())
                report = settle(check(claim, usable, asker), claim, usable, asker)
                if self._modelling is not None:
                    report = self._asked(report, self._modelling, asker)
                doubted = report.verdict in _FALSE
                if standing is not None:
                    report = shield(report, standing)
                reports.append(report)
                if not doubted and not is_computation(claim.formula):
                    proved = report.verdict is Verdict.PROVED and report.supported
                    context.hypotheses.append(
                        Hypothesis(
                            claim.formula,
                            source,
                            claim.translator,
                            proved,
                            claim.alternatives,
                            claim.flags if claim.formalization is not None else (),
                        )
                    )
        verdict = aggregate.of_claims((r.verdict for r in reports), bool(unread))
        refuted = context.refuted_source(_taken_up(step, reports), cited)
        if refuted is not None:
            flags.append("depends_on_refuted")
            messages.append(f"builds on step {refuted}, which is refuted or builds on one")
        for report in reports:
            flags += [flag for flag in report.flags if flag != VACUOUS]
            messages += report.messages
        if reports and all(VACUOUS in report.flags for report in reports):
            flags.append(VACUOUS)
        messages += [f"not read: {_beginning(sentence)}" for sentence in unread]
        reason = next((r.reason for r in reports if r.verdict is verdict), "")
        return StepReport(
            index,
            step.text,
            verdict,
            reason,
            tuple(dict.fromkeys(flags)),
            tuple(dict.fromkeys(messages)),
            tuple(reports),
            time.monotonic() - start,
            self._guess(step, verdict),
        )

    def _guess(self, step: Step, verdict: Verdict) -> Guess | None:
        """What the model thinks of a step that was not decided, from all that stands before it."""
        if self._modelling is None or not self._modelling.guess or verdict not in _GUESSED:
            return None
        from neurosym.verify.guess import guess_step

        question = [] if self.record.question is None else [self.record.question]
        said = [done.text for done in self.done if done.verdict is not Verdict.REFUTED]
        return guess_step(
            self._modelling.model, [*question, *self.record.premises, *said], step.body
        )

    def _checked(self) -> QuestionChecks:
        """The five checks of the question and the premises together."""
        from neurosym.verify.question import check_question

        text = "\n".join([*self.record.premises, self.record.question or ""]).strip()
        formalize = None if self._modelling is None else self._formulas
        return check_question(text, self._prover, self._limits, formalize=formalize)

    def _formulas(self, sentence: str) -> tuple[Formula, ...] | None:
        """What a sentence says; None where it was not translated."""
        return tuple(claim.formula for claim in self._reader.read(sentence).claims) or None

    def _asked(self, report: ClaimReport, modelling: Modelling, asker: Asker) -> ClaimReport:
        """The report with what the model says about it, which changes no verdict."""
        from neurosym.translate.rendering import render
        from neurosym.verify.fidelity import ask_model
        from neurosym.verify.inferred import close_gap

        if modelling.ask and report.claim.formalization is not None:
            said = ask_model(modelling.model, report.claim.text, render(report.claim.formula))
            report = dataclasses.replace(report, signal=said)
        # In a closed world nothing is left unsaid, and the forward reading has no such question.
        plain = asker.closing is None and not asker.forward
        goal = report.problem.goal
        independent = report.result.outcome is Outcome.INDEPENDENT
        if modelling.infer and plain and independent and goal is not None:
            premises = [(render(formula), formula) for formula in report.problem.premises]
            gap = close_gap(
                report.claim.text,
                premises,
                goal,
                modelling.model,
                self._prover,
                self._limits,
                read=self._formula,
                seed=modelling.sampling.seed,
            )
            report = dataclasses.replace(report, gap=gap)
        return report

    def _formula(self, text: str) -> Formula | None:
        """The one formula of a sentence, by whoever reads it; None where there is not one."""
        reading = self._reader.read(text)
        if len(reading.claims) != 1 or reading.unread or reading.assumptions:
            return None
        return reading.claims[0].formula

    def _asker_for(self, claim: Claim, context: Context) -> Asker:
        """The asker, with what a change of letters leaves open."""
        gaps = (self._asker.unread, context.renaming(claim.formula))
        return dataclasses.replace(
            self._asker,
            unread=" and ".join(gap for gap in gaps if gap),
            introduced=context.meanings.letters,
        )

    @property
    def formalizations(self) -> Sequence[Formalization]:
        """What a model made of each sentence that it was given, in order."""
        return self._reader.formalizations

    def report(self) -> Report:
        """The report on what is done so far."""
        complete = len(self.done) == len(self.steps) and not self._ended
        answer = AnswerReport(Verdict.UNKNOWN, message="the run was interrupted")
        if complete:
            text = "\n".join(step.text for step in self.steps)
            given = None if self.record.answer is None else str(self.record.answer)
            answer = aggregate.check_answer(given, text, self.done, self._asker, self._reader)
        question = self._question or QuestionReport()
        verdict = aggregate.of_steps(self.done, question, answer)
        if not complete and verdict in (Verdict.PROVED, Verdict.NO_CLAIM):
            verdict = Verdict.UNKNOWN
        return Report(
            self.record.id,
            verdict,
            tuple(self.done),
            question,
            answer,
            time.monotonic() - self._start,
            complete,
            self._reader.use,
        )


def _beginning(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"


def _taken_up(step: Step, reports: list[ClaimReport]) -> tuple[Fraction, ...]:
    """The numbers that a step starts from: what its claims compute with, else all it names."""
    computed = [n for report in reports for n in operands(report.claim.formula)]
    return tuple(computed) if computed else numbers(step.body)


def _remember(report: StepReport, context: Context) -> None:
    """Make a finished step available to the ones after it, or keep it from them."""
    if report.verdict is Verdict.REFUTED:
        context.refuted.add(report.index)
        source = Source("step", report.index)
        context.hypotheses = [h for h in context.hypotheses if h.source != source]
        said = [v for c in report.claims if c.verdict in _FALSE for v in stated(c.claim.formula)]
        context.taint(report.index, said)
        return
    values = [v for c in report.claims for v in results(c.claim.formula)]
    if "depends_on_refuted" in report.flags:
        context.doubtful.add(report.index)
        context.taint(report.index, values)
    else:
        context.sound_numbers.update(values)
