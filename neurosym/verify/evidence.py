"""Check the evidence of a whole report again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from neurosym.verify.base import ClaimReport, Report, StepReport
from provers.base import Limits
from provers.recheck import recheck


def recheck_report(
    report: Report,
    output: dict[str, Any],
    limits: Limits,
    judge: Callable[[ClaimReport], str] | None = None,
) -> dict[str, Any]:
    """``output`` (``write_report(report)``) with ``recheck`` beside each piece of evidence.

    ``judge`` says what is wrong with a claim's Lean certificate, or nothing: with it certificates
    are checked too. A verdict whose evidence does not hold becomes ``failed``, and so does the
    whole.
    """
    held = True
    for step, record in zip(report.steps, output["steps"], strict=True):
        checks = [_checked(claim, limits) for claim in step.claims]
        for claim_record, checked in zip(record.get("claims", ()), checks, strict=False):
            claim_record["recheck"] = checked
        if judge is not None:
            checks += _judged(step, record, judge)
        broken = [checked for checked in checks if not checked["ok"]]
        if broken:
            held = False
            record["verdict"] = "failed"
            record["messages"].append(f"the evidence did not hold: {broken[0]['detail']}")
        if step.deciding is not None:
            record["recheck"] = checks[step.claims.index(step.deciding)]
    question = report.question
    if question.consistency is not None and question.problem is not None:
        again = recheck(question.problem, question.consistency, limits)
        output["question"]["consistency"]["recheck"] = _as_json(again.ok, again.how, again.detail)
        held = held and again.ok
    if not held:
        output["verdict"] = "failed"
    return output


def _checked(claim: ClaimReport, limits: Limits) -> dict[str, Any]:
    again = recheck(claim.problem, claim.result, limits)
    return _as_json(again.ok, again.how, again.detail)


def _judged(
    step: StepReport, record: dict[str, Any], judge: Callable[[ClaimReport], str]
) -> list[dict[str, Any]]:
    """How the step's certificates fared; each is noted in the certificate too."""
    checks = []
    records = record.get("claims", [record] if len(step.claims) == 1 else [])
    for claim, claim_record in zip(step.claims, records, strict=True):
        if claim.certificate is None:
            continue
        detail = judge(claim)
        checks.append(_as_json(not detail, "judged", detail))
        claim_record["certificate"]["recheck"] = checks[-1]
        if claim is step.deciding:
            record["certificate"]["recheck"] = checks[-1]
    return checks


def _as_json(ok: bool, how: str, detail: str) -> dict[str, Any]:
    return {"ok": ok, "how": how, "detail": detail}
