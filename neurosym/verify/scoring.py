"""Reports as rewards: a label and a score for each step, for the outcome, and for the whole.

A label is +1, -1 or 0, and weights cannot change it:

==================================================  =====  ========================================
verdict                                             label  why
==================================================  =====  ========================================
``proved`` without a flag                           +1     follows from what is given and proved
``proved`` with any flag                            0      ``vacuous``, ``unfaithful``,
                                                           ``depends_on_refuted``, ...: true of the
                                                           formula, worth little for the step
``refuted``                                         -1     what is given entails its negation
``refuted`` and ``unfaithful``, if a translation    0      perhaps something else was refuted
by a model or a premise was needed
``independent``                                     0      does not follow, but is not wrong
``inconsistent``                                    0      the premises contradict each other
``unknown``, ``untranslated``, ``ambiguous``        0      nothing is known of it
``ill_formed``, ``failed``, ``satisfiable``         0      no answer to what was asked
``no_claim``                                        0      there is nothing to check
==================================================  =====  ========================================

``assumed`` alone is no flag in this sense where the record itself asks for the closed world and
the step rests on no earlier step without +1: then only that world was assumed.

A score is the weight of the verdict, or that of ``flagged`` where a flag keeps it from its label.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

Aggregate: TypeAlias = Literal["min", "mean", "product", "last"]
Label: TypeAlias = Literal[-1, 0, 1]

MAX_WEIGHT = 1000.0
_Weight = Annotated[float, Field(ge=-MAX_WEIGHT, le=MAX_WEIGHT, allow_inf_nan=False)]


class Weights(BaseModel):
    """What a step of each verdict scores; null leaves such steps out of the aggregate.

    ``flagged`` is what a verdict scores that a flag takes the force of (see the table of labels).
    It cannot exceed ``proved``, nor equal it where that is a reward. A step that is left out scores
    0 by itself.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    proved: _Weight = 1.0
    refuted: _Weight = -1.0
    flagged: _Weight = 0.0
    independent: _Weight | None = 0.0
    inconsistent: _Weight | None = 0.0
    satisfiable: _Weight | None = 0.0
    unknown: _Weight | None = 0.0
    ill_formed: _Weight | None = 0.0
    failed: _Weight | None = 0.0
    untranslated: _Weight | None = 0.0
    ambiguous: _Weight | None = 0.0
    no_claim: _Weight | None = None

    @model_validator(mode="after")
    def _no_reward_for_flags(self) -> Weights:
        if self.flagged > self.proved or self.flagged == self.proved > 0:
            raise ValueError("the weight 'flagged' must be below that of 'proved'")
        return self

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and the highest of all weights."""
        values = [value for value in self.model_dump().values() if value is not None]
        return min(values), max(values)


PLAIN: Final = Weights()
"""The weights of who names none: proved 1, refuted -1, and 0."""


def score_report(
    report: Mapping[str, Any],
    *,
    world: str = "open",
    weights: Weights = PLAIN,
    aggregate: Aggregate = "min",
) -> dict[str, Any]:
    """What a report in the form of ``verify.report.write_report`` is worth.

    ``world`` is the record's. The answer has ``steps`` (each with ``label`` and ``score``),
    ``score`` (the aggregate of the steps that are not left out; 0 where there are none),
    ``outcome`` (label and score of the verdict on the whole) and ``complete``.

    ``product`` maps the lowest weight to 0 and the highest to 1, multiplies, and maps back, so that
    two refuted steps do not make a proved one.
    """
    labels: dict[int, Label] = {}
    steps, counted = [], []
    for step in report["steps"]:
        label, weight = _judged(step, labels, world, weights)
        labels[step["index"]] = label
        score = 0.0 if weight is None else weight
        if weight is not None:
            counted.append(score)
        steps.append(
            {
                "index": step["index"],
                "verdict": step["verdict"],
                "reason": step["reason"],
                "flags": step["flags"],
                "label": label,
                "score": score,
                "counted": weight is not None,
            }
        )
    complete = not report.get("interrupted", False)
    return {
        "id": report["id"],
        "verdict": report["verdict"],
        "steps": steps,
        "score": _aggregated(counted, aggregate, weights),
        "aggregate": aggregate,
        "outcome": _outcome(report, labels.values(), complete, weights),
        "complete": complete,
    }


def unscored(id: str | int, verdict: Literal["ill_formed", "failed"], error: str) -> dict[str, Any]:
    """The entry of a record that could not be verified: no steps, no scores, and why."""
    return {
        "id": id,
        "verdict": verdict,
        "steps": [],
        "score": None,
        "outcome": None,
        "complete": False,
        "error": error,
    }


# --- steps ---------------------------------------------------------------------------------


def _judged(
    step: Mapping[str, Any], labels: Mapping[int, Label], world: str, weights: Weights
) -> tuple[Label, float | None]:
    """A step's label and its weight, given the labels of the steps before it."""
    match step["verdict"]:
        case "proved":
            doubts = set(step["flags"])
            if world == "closed" and _needs_only_the_world(step, labels):
                doubts.discard("assumed")
            return (0, weights.flagged) if doubts else (1, weights.proved)
        case "refuted":
            return (0, weights.flagged) if _misread(step) else (-1, weights.refuted)
        case verdict:
            weight: float | None = getattr(weights, verdict)
            return 0, weight


def _needs_only_the_world(step: Mapping[str, Any], labels: Mapping[int, Label]) -> bool:
    """Whether every earlier step that it rests on is proved without reserve."""
    used = [source.split() for source in step["depends_on"]]
    return all(labels.get(int(index)) == 1 for kind, index in used if kind == "step")


def _misread(step: Mapping[str, Any]) -> bool:
    """Whether all that refutes a step may have been translated wrongly, itself or a premise.

    A wrong computation stays wrong where its numbers come from nowhere.
    """
    refuted = [c for c in step.get("claims") or [step] if c["verdict"] == "refuted"]
    return bool(refuted) and all(
        "unfaithful" in claim["flags"] and ("translation" in claim or claim["depends_on"])
        for claim in refuted
    )


# --- the whole -----------------------------------------------------------------------------


def _aggregated(scores: Sequence[float], how: Aggregate, weights: Weights) -> float:
    if not scores:
        return 0.0
    match how:
        case "min":
            return min(scores)
        case "mean":
            return math.fsum(scores) / len(scores)
        case "last":
            return scores[-1]
        case "product":
            low, high = weights.range
            if low == high:
                return low
            return low + (high - low) * math.prod((s - low) / (high - low) for s in scores)


def _outcome(
    report: Mapping[str, Any], labels: Collection[Label], complete: bool, weights: Weights
) -> dict[str, Any]:
    """The verdict on the whole as a label and a score.

    Where no step earns +1, as where all are vacuous, there is nothing to reward.
    """
    verdict = report["verdict"]
    label: Label = 0
    score: float | None
    match verdict:
        case "proved" if complete and 1 in labels:
            label, score = 1, weights.proved
        case "proved":
            score = weights.flagged
        case "refuted":
            # The whole is refuted by a step, whose refutation has to count, or by its answer.
            counts = -1 in labels or report["answer"]["verdict"] == "refuted"
            label, score = (-1, weights.refuted) if counts else (0, weights.flagged)
        case _:
            score = getattr(weights, verdict)
    return {
        "verdict": verdict,
        "answer": report["answer"]["verdict"],
        "label": label,
        "score": 0.0 if score is None else score,
    }
