"""Reports as the JSON of ``neurosym verify``; each verdict with what is needed to check it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from neurosym.verify.base import AnswerReport, ClaimReport, QuestionReport, Report, StepReport
from neurosym.verify.translations import write_translation, write_use
from neurosym.verify.values import is_computation
from provers.base import Problem
from provers.logic.formats import spell
from provers.records import write_evidence, write_result


def write_report(report: Report) -> dict[str, Any]:
    """The output record: ``id``, ``verdict``, ``steps``, ``question``, ``answer``, ``summary``."""
    record: dict[str, Any] = {
        "id": report.id,
        "verdict": str(report.verdict),
        "steps": [write_step(step) for step in report.steps],
        "question": _question(report.question),
        "answer": _answer(report.answer),
        "summary": {
            "steps": len(report.steps),
            "verdicts": dict(Counter(str(step.verdict) for step in report.steps)),
            "flags": dict(Counter(flag for step in report.steps for flag in step.flags)),
            "seconds": round(report.seconds, 4),
            "prover_seconds": round(_prover_seconds(report), 4),
            "limits": _limits(report),
        },
    }
    if report.translation is not None:
        record["translation"] = write_use(report.translation)
    if not report.complete:
        record["interrupted"] = True
    return record


def write_step(step: StepReport) -> dict[str, Any]:
    """One step. Where it makes several claims, its own fields are those of the claim that
    decides, and ``claims`` holds all of them.
    """
    decided = step.deciding
    record: dict[str, Any] = {
        "index": step.index,
        "text": step.text,
        "verdict": str(step.verdict),
        "reason": step.reason,
        "flags": list(step.flags),
        **(_decided(decided) if decided is not None else _UNDECIDED),
        "seconds": round(step.seconds, 4),
        "depends_on": [str(source) for source in step.depends_on],
        "messages": list(step.messages),
    }
    if step.guess is not None:
        record["guess"] = {
            "answer": step.guess.answer,
            "logprob": step.guess.logprob,
            "model": step.guess.model,
        }
    if len(step.claims) > 1:
        record["claims"] = [_claim(claim) for claim in step.claims]
    return record


_UNDECIDED: dict[str, Any] = {
    "formal": None,
    "prover": None,
    "evidence": None,
    "certificate": None,
}


def _decided(claim: ClaimReport) -> dict[str, Any]:
    evidence = claim.result.evidence
    return {
        "formal": {**formal(claim.problem), "sources": [str(s) for s in claim.sources]},
        "prover": claim.result.prover,
        "evidence": None if evidence is None else write_evidence(evidence),
        "certificate": {"kind": "none", "reason": claim.uncertified}
        if claim.certificate is None
        else write_evidence(claim.certificate),
        **write_translation(claim),
    }


def _claim(claim: ClaimReport) -> dict[str, Any]:
    return {
        "text": claim.claim.text,
        "translator": claim.claim.translator,
        "verdict": str(claim.verdict),
        "reason": claim.reason,
        "flags": list(claim.flags),
        **_decided(claim),
        "seconds": round(claim.result.seconds, 4),
        "depends_on": [str(source) for source in claim.depends_on],
        "messages": list(claim.messages),
    }


def formal(problem: Problem) -> dict[str, Any]:
    """The problem that was asked, in a notation that can spell all of it."""
    formulas = [*problem.premises, *([] if problem.goal is None else [problem.goal])]
    notation, texts = spell(formulas)
    count = len(problem.premises)
    return {
        "language": "fol",
        "notation": notation,
        "premises": texts[:count],
        "goal": None if problem.goal is None else texts[-1],
    }


def _prover_seconds(report: Report) -> float:
    """What the provers themselves took: on the claims, and on the question's consistency."""
    claims = sum(claim.result.seconds for step in report.steps for claim in step.claims)
    consistency = report.question.consistency
    return claims + (0.0 if consistency is None else consistency.seconds)


def _limits(report: Report) -> list[str]:
    """What the verdict on the whole does not say, in sentences."""
    claims = [claim for step in report.steps for claim in step.claims]
    limits = []
    if claims and all(is_computation(claim.claim.formula) for claim in claims):
        limits.append(
            "The computations were checked, not that they are the right ones for the question."
        )
    if any(claim.result.evidence is None for claim in claims):
        limits.append("Some steps have no evidence; see their messages.")
    return limits


def _question(report: QuestionReport) -> dict[str, Any]:
    record: dict[str, Any] = {
        "sentences": list(report.sentences),
        "read": report.read,
        "unread": [{"source": str(source), "text": text} for source, text in report.unread],
        "messages": list(report.messages),
    }
    if report.checks is not None:
        from neurosym.verify.question import write_checks

        record["checks"] = write_checks(report.checks)
    if report.consistency is not None and report.problem is not None:
        record["consistency"] = {
            **write_result(report.consistency),
            "formal": {**formal(report.problem), "sources": [str(s) for s in report.sources]},
        }
    return record


def _answer(report: AnswerReport) -> dict[str, Any]:
    return {
        "verdict": str(report.verdict),
        "value": report.value,
        "stated": report.stated,
        "step": report.step,
        "message": report.message,
    }
