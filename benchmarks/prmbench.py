"""PRMBench: are the steps that are refuted the ones that are wrong, and how many are decided?

Each record is a solution of MATH with errors written into it (PRMBench, Song et al. 2025), and
``error_steps`` are the steps that carry them. Every step is verified with the question and the
steps before it, by rule and Z3 alone. A step that is labelled wrong and refuted is right; what
else is refuted is counted by what the labels say about it:

* ``labelled``: it is one of ``error_steps``;
* ``modified``: it is not, but was rewritten to go with an error (``modified_steps``);
* ``after_an_error``: neither, but it comes after a labelled error, whose result it may carry on;
* ``unlabelled``: none of these: the label says that nothing is wrong up to here.

The labels name the steps where an error is made, not the false statements that follow from it, so
the share of the first kind is lower than the share of refuted steps that are false. The curve
admits fewer and fewer kinds of refuted steps, the last ones by where the error was made
(``neurosym.verify.origin``) and by how many steps before it are not decided. These last were
developed on the questions whose CRC-32 is even; each point is given for all questions, for those,
and for the others, which are ``held_out``. ``CHOSEN`` was chosen on the former.
"""

from __future__ import annotations

import json
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neurosym.runs.readers import Source, prmbench
from neurosym.verify.base import StepReport, Verdict
from neurosym.verify.origin import origin, undecided
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import Record
from neurosym.verify.values import is_computation
from provers.base import AnyProblem, Limits, Prover, Result
from provers.recheck import recheck
from provers.z3 import Z3Prover

SECONDS = 0.25
DECIDED = frozenset({Verdict.PROVED, Verdict.REFUTED, Verdict.INDEPENDENT, Verdict.INCONSISTENT})
KINDS = ("labelled", "modified", "after_an_error", "unlabelled")
CHOSEN = 8
UNDECIDED = (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20)


@dataclass(slots=True)
class Remembering:
    """A prover that answers a problem once: the records of one question share most steps."""

    prover: Prover
    seen: dict[AnyProblem, Result] = field(default_factory=dict)
    asked: int = 0
    name: str = "z3"

    def prove(self, problem: AnyProblem, limits: Limits = Limits()) -> Result:
        self.asked += 1
        if problem not in self.seen:
            self.seen[problem] = self.prover.prove(problem, limits)
        return self.seen[problem]

    def warm(self) -> None:
        self.prover.warm()

    def close(self) -> None:
        self.prover.close()


@dataclass(frozen=True, slots=True)
class Refuted:
    """A refuted step: what its label says, and what sort of refutation it is.

    ``undecided`` is the number of steps before it that claim something, or may, and are not proved.
    """

    id: str
    index: int
    text: str
    kind: str
    computed: bool
    flags: tuple[str, ...]
    first: bool
    error_class: str
    origin: str
    undecided: int
    developed_on: bool


Admit = Callable[[Refuted], bool]


def _made_here(most: int) -> Admit:
    return lambda r: r.first and r.origin == "here" and r.undecided <= most


# From all refuted steps to the fewest.
CURVE: tuple[tuple[str, Admit], ...] = (
    ("all", lambda r: True),
    ("not depending on a refuted step", lambda r: "depends_on_refuted" not in r.flags),
    ("no flags", lambda r: not r.flags),
    ("no flags, by computation alone", lambda r: not r.flags and r.computed),
    ("no flags, first refuted of its solution", lambda r: not r.flags and r.first),
    (
        "no flags, by computation alone, first refuted of its solution",
        lambda r: not r.flags and r.computed and r.first,
    ),
    ("error made here", lambda r: r.origin == "here"),
    ("error made here, first refuted of its solution", lambda r: r.first and r.origin == "here"),
    *(
        (f"the same, with at most {most} undecided steps before it", _made_here(most))
        for most in reversed(UNDECIDED)
    ),
)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All measures over the first ``limit`` records; raises OSError without data."""
    path = data / "bench" / "prmbench.jsonl"
    records = {r["id"]: r for r in map(json.loads, path.open(encoding="utf-8"))}
    prover = Remembering(Z3Prover())
    verdicts: Counter[str] = Counter()
    on_errors: Counter[str] = Counter()
    refuted: list[Refuted] = []
    evidence: Counter[str] = Counter()
    solutions = 0
    question = None
    start = time.perf_counter()
    try:
        prover.warm()
        for item in prmbench.read(Source(path, "prmbench")):
            if limit is not None and solutions >= limit:
                break
            assert isinstance(item.payload, Record) and item.error_steps is not None
            solutions += 1
            if item.payload.question != question:
                question = item.payload.question
                prover.seen.clear()
            done = list(Verification(item.payload, prover, Limits(SECONDS)))
            verdicts.update(str(step.verdict) for step in done)
            on_errors.update(str(s.verdict) for s in done if s.index in item.error_steps)
            found = list(_refuted(records[item.id], done, item.payload.question or ""))
            refuted += found
            for step in (done[one.index - 1] for one in found):
                evidence.update(_rechecked(step))
        seconds = time.perf_counter() - start
    finally:
        prover.close()
    steps, errors = sum(verdicts.values()), sum(on_errors.values())
    decided = sum(verdicts[v] for v in DECIDED)
    return {
        "solutions": solutions,
        "steps": steps,
        "labelled_errors": errors,
        "verdicts": dict(verdicts.most_common()),
        "verdicts_on_labelled_errors": dict(on_errors.most_common()),
        "decided_percent": _percent(decided, steps),
        "labelled_errors_refuted_percent": _percent(on_errors["refuted"], errors),
        "chosen": _point("chosen", _made_here(CHOSEN), refuted),
        "curve": [_point(name, admit, refuted) for name, admit in CURVE],
        "by_class": {
            name: _figures(refuted, lambda r, name=name: r.error_class == name)  # type: ignore[misc]
            for name in sorted({r.error_class for r in refuted})
        },
        "evidence_of_refuted": dict(evidence),
        "questions_to_the_prover": prover.asked,
        "seconds": round(seconds, 1),
        "not_labelled": [
            {
                "id": r.id,
                "step": r.index,
                "kind": r.kind,
                "origin": r.origin,
                "undecided_before": r.undecided,
                "first": r.first,
                "text": r.text,
            }
            for r in refuted
            if r.kind != "labelled"
        ],
    }


def _refuted(record: Mapping[str, Any], done: list[StepReport], question: str) -> Iterator[Refuted]:
    errors = record["error_steps"]
    first = min(errors, default=len(done) + 1)
    before = False
    for step in done:
        if step.verdict is not Verdict.REFUTED:
            continue
        if step.index in errors:
            kind = "labelled"
        elif step.index in record["modified_steps"]:
            kind = "modified"
        else:
            kind = "after_an_error" if step.index > first else "unlabelled"
        false = [claim for claim in step.claims if claim.verdict is Verdict.REFUTED]
        yield Refuted(
            record["id"],
            step.index,
            step.text,
            kind,
            all(is_computation(claim.claim.formula) for claim in false),
            step.flags,
            not before,
            record["classification"],
            origin(step, [question, *(one.text for one in done[: step.index - 1])]),
            undecided(done[: step.index - 1]),
            zlib.crc32(question.encode()) % 2 == 0,
        )
        before = True


def _rechecked(step: StepReport) -> Iterator[str]:
    for claim in step.claims:
        if claim.verdict is Verdict.REFUTED:
            yield "held" if recheck(claim.problem, claim.result, Limits(10)).ok else "failed"


def _point(name: str, admit: Admit, refuted: list[Refuted]) -> dict[str, Any]:
    halves = {
        "developed_on": [r for r in refuted if r.developed_on],
        "held_out": [r for r in refuted if not r.developed_on],
    }
    return {
        "admitted": name,
        **_figures(refuted, admit),
        **{half: _figures(found, admit) for half, found in halves.items()},
    }


def _figures(refuted: list[Refuted], admit: Admit) -> dict[str, Any]:
    admitted = [r for r in refuted if admit(r)]
    kinds = Counter(r.kind for r in admitted)
    explained = len(admitted) - kinds["unlabelled"]
    return {
        "refuted": len(admitted),
        **{kind: kinds[kind] for kind in KINDS},
        "precision_percent": _percent(kinds["labelled"], len(admitted)),
        "labelled_or_modified_percent": _percent(
            kinds["labelled"] + kinds["modified"], len(admitted)
        ),
        "explained_by_labels_percent": _percent(explained, len(admitted)),
    }


def _percent(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None
