"""What a report says of a language model's part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provers.logic.formats import spell
from provers.logic.syntax import Formula
from provers.records import write_result

if TYPE_CHECKING:
    from neurosym.verify.base import ClaimReport
    from neurosym.verify.inferred import Gap, Open
    from neurosym.verify.modelling import ModelUse


def write_use(use: ModelUse) -> dict[str, Any]:
    """The model's part in a whole record."""
    return {
        "model": use.model,
        "prompts": dict(use.prompts),
        "sentences": use.sentences,
        "translated": use.translated,
        "merges": [{"accepted": merge.accepted, "why": merge.why} for merge in use.merges],
        "mended": [{"text": text, "change": change} for text, change in use.mended],
        "tokens": use.tokens,
        "seconds": use.seconds,
    }


def write_translation(claim: ClaimReport) -> dict[str, Any]:
    """The model's part in one claim; nothing where it had none."""
    record: dict[str, Any] = {}
    done = claim.claim.formalization
    if done is not None:
        from neurosym.translate.rendering import render

        record["translation"] = {
            "model": done.model,
            "prompts": dict(done.prompts),
            "formula": _written(claim.claim.formula),
            "rendered": render(claim.claim.formula),
            "agreement": round(done.agreement, 4),
            "alternatives": [
                {"formula": _written(one.formula), "votes": one.votes} for one in done.alternatives
            ],
            "attempts": [
                {"route": one.route, "text": one.text, "fault": one.fault, "why": one.complaint}
                | ({"mended": one.mended} if one.mended else {})
                for one in done.attempts
            ],
        }
        if claim.signal is not None:
            said = {True: "yes", False: "no", None: "neither"}[claim.signal.answer]
            signal = {"same": said, "logprob": claim.signal.logprob, "model": claim.signal.model}
            record["translation"]["asked"] = signal
    if claim.majority is not None:
        record["majority"] = str(claim.majority)
        record["disagreements"] = [
            {
                "of": "step" if one.source is None else str(one.source),
                "formula": _written(one.formula),
                "verdict": str(one.verdict),
            }
            for one in claim.disagreements
        ]
    if claim.gap is not None:
        record["follows_assuming"] = _gap(claim.gap)
    return record


def _gap(gap: Gap | Open) -> dict[str, Any]:
    """The premise that would close a gap, apart from the verdict, which it does not change."""
    from neurosym.verify.inferred import Open

    rejected = [{"text": text, "why": why} for text, why in gap.rejected]
    asked = {"model": gap.model, "prompt": gap.prompt_hash, "rejected": rejected}
    if isinstance(gap, Open):
        return {"assumed": None, **asked}
    return {
        "assumed": gap.text,
        "formula": _written(gap.formula),
        "flags": ["assumed", *gap.flags],
        "result": write_result(gap.result),
        "consistency": write_result(gap.consistency),
        **asked,
    }


def _written(formula: Formula) -> str:
    return spell([formula])[1][0]
