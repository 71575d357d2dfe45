"""Attempts at reasoning, questions and texts: verified, checked, and stated in Lean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from neurosym.runs.batch.base import Task
from neurosym.runs.batch.work.finding import Finding, said
from neurosym.runs.batch.work.meter import Counted, Meter, Metered, MeteredChecker, SpentError
from neurosym.runs.batch.work.tools import NO_MODEL, Tools
from neurosym.runs.items import Item, Question, Statement
from neurosym.verify.base import Report, Verdict
from neurosym.verify.pipeline import Verification
from neurosym.verify.question import QuestionChecks, check_question, write_checks
from neurosym.verify.records import Record
from neurosym.verify.report import write_report
from provers.base import Limits, Outcome

if TYPE_CHECKING:
    from neurosym.verify.modelling import Modelling


# --- reasoning -------------------------------------------------------------------------------


def verify(task: Task, record: Record, tools: Tools, meter: Meter) -> Finding:
    """The verdict on a record, by rules or, where the run has a model, by both.

    Where the budget is spent, the steps that were not reached are ``unknown``/``timeout``.
    Raises InputError for too many steps, ModelError, MissingToolError.
    """
    world = task.item.answers.world
    if world not in ("open", record.world):
        record = record.model_copy(update={"world": world})
    modelling = modelling_of(task, tools, meter)
    verification = Verification(record, Metered(tools.prover, meter), tools.limits, modelling)
    spent = ""
    try:
        for _ in verification:
            if meter.left <= 0:
                spent = "timeout"
                break
    except SpentError as error:
        spent = error.reason
    if len(verification.done) < len(verification):
        verification.end()
    else:
        spent = ""
    report = verification.report()
    again = meter.broken and report.verdict is Verdict.FAILED
    reason = "crash" if again else _reason(report, spent)
    answer, solved = _answered(task.item, report)
    output = {**write_report(report), "id": task.item.id}
    if task.item.error_steps is not None:  # what a report of the run compares the steps with
        output["error_steps"] = list(task.item.error_steps)
    return Finding(
        str(report.verdict),
        output,
        reason,
        answer,
        solved,
        _prover(report),
        not again and not draws(tools, meter),
        again,
    )


def draws(tools: Tools, meter: Meter) -> bool:
    """Whether an attempt drew anything from a model, so that another may find something else."""
    return meter.requests > 0 and tools.configuration.temperature > 0


def modelling_of(task: Task, tools: Tools, meter: Meter) -> Modelling | None:
    """The model's part in an attempt, with a seed of its own; None where the run has no model."""
    configuration = tools.configuration
    if not configuration.model:
        return None
    from neurosym.translate.model import Sampling
    from neurosym.verify.modelling import Modelling

    sampling = Sampling(
        configuration.votes,
        configuration.rounds,
        configuration.temperature,
        configuration.seed + task.sample,
        # Greedy samples would be the same in every attempt.
        greedy=configuration.samples == 1,
    )
    return Modelling(Counted(tools.model, meter), sampling)


def _answered(item: Item, report: Report) -> tuple[str | None, bool]:
    """The set's answer that follows, and whether the attempt solved the problem.

    Where steps are labelled: whether the first that is refuted is labelled wrong; with none
    labelled wrong, whether none is refuted.
    """
    verdict = str(report.verdict)
    proved = report.verdict is Verdict.PROVED
    if item.error_steps is not None:
        first = next((s.index for s in report.steps if s.verdict is Verdict.REFUTED), None)
        answer = "wrong" if first is not None else "right" if proved else None
        return answer, first in item.error_steps if first is not None else not item.error_steps
    if item.answers.of_verdict:
        answer = item.answers.answer(verdict)
        return answer, proved if item.gold is None else answer == item.gold
    # Its answer is part of the record, and follows where the whole is proved.
    follows = proved and report.answer.verdict is Verdict.PROVED
    return (item.gold if follows else None), proved


def _reason(report: Report, spent: str) -> str:
    """Why the whole is not conclusive: the budget, what its deciding step says, or ``answer``."""
    if spent and report.verdict is Verdict.UNKNOWN:
        return spent
    said = (s.reason for s in report.steps if s.verdict is report.verdict and s.reason)
    open_answer = report.verdict is Verdict.UNKNOWN and report.answer.verdict is Verdict.UNKNOWN
    return next(said, "answer" if open_answer else "")


def _prover(report: Report) -> str:
    """The prover of the step that decides the whole, else the first that was asked."""
    asked = [step for step in report.steps if step.deciding is not None]
    chosen = next((s for s in asked if s.verdict is report.verdict), next(iter(asked), None))
    deciding = None if chosen is None else chosen.deciding
    return "" if deciding is None else deciding.result.prover


# --- questions -------------------------------------------------------------------------------

_BY_PROVER: Final = {Outcome.INCONSISTENT: "inconsistent", Outcome.SATISFIABLE: "refuted"}


def check(task: Task, question: Question, tools: Tools, meter: Meter) -> Finding:
    """Whether a question is well posed; a model has no part in it.

    All stages passed: ``satisfiable``, since its conditions hold together. Of a flaw: what the
    prover said, ``inconsistent`` for conditions that cannot hold, ``refuted`` for a goal with a
    counterexample, ``independent`` for an answer that is not determined; ``ill_formed`` where a
    rule found it. Its reason is the stage. Else ``unknown``/``incomplete``.
    """
    checks = check_question(question.text, Metered(tools.prover, meter), tools.limits)
    outcome, reason = _posed(checks)
    item = task.item
    answer = item.answers.answer(checks.verdict)
    again = meter.broken and checks.verdict == "unknown"
    if again:
        outcome, reason = "failed", "crash"
    elif outcome == "unknown" and meter.left <= 0:
        reason = "timeout"
    solved = answer == item.gold if item.gold is not None else checks.verdict == "passed"
    by = next((s.evidence.prover for s in checks.stages if s.evidence is not None), "")
    output = {"id": item.id, "outcome": outcome, "reason": reason, **write_checks(checks)}
    return Finding(outcome, output, reason, answer, solved, by, not again, again)


def _posed(checks: QuestionChecks) -> tuple[str, str]:
    if not checks.flawed:
        passed = checks.verdict == "passed"
        return ("satisfiable", "") if passed else ("unknown", "incomplete")
    first = checks.flawed[0]
    if first.stage == "missing":
        return "independent", first.stage
    found = None if first.evidence is None else _BY_PROVER.get(first.evidence.outcome)
    return found or "ill_formed", first.stage


# --- texts to be stated ----------------------------------------------------------------------


def state(task: Task, statement: Statement, tools: Tools, meter: Meter) -> Finding:
    """A text as a Lean statement: ``translated`` where Lean elaborates it and does not reject it.

    ``untranslated`` says why in its reason: ``no_model``, or the fault of a rejected statement;
    ``ambiguous`` where samples say different things equally often. Raises ModelError,
    MissingToolError, BrokenToolError.
    """
    id = task.item.id
    modelling = modelling_of(task, tools, meter)
    if modelling is None:
        return said(id, "untranslated", "no_model", NO_MODEL[0].upper() + NO_MODEL[1:])
    from neurosym.runs.texts import state as stated

    sampling = modelling.sampling
    # Each draft of each sample is a question to Lean.
    seconds = tools.limits.seconds * sampling.samples * (sampling.rounds + 1)
    limits = meter.limits(Limits(seconds, tools.limits.megabytes))
    checker = MeteredChecker(tools.checker(), meter)
    output: dict[str, Any] = stated(statement.text, modelling, checker, limits)
    status, test = output["status"], output.get("test", {})
    outcome, reason = status, ""
    again = bool(test) and test["verdict"] == "failed"
    if again:
        outcome, reason = "failed", "crash"
    elif status == "rejected":
        outcome, reason = "untranslated", test["reason"]
    if statement.reference is not None:
        output["reference"] = statement.reference
    return Finding(
        outcome,
        {"id": id, **output},
        reason,
        None,
        outcome == "translated",
        "lean",
        not again and not draws(tools, meter),
        again,
    )
