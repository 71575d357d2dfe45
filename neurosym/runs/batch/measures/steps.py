"""Steps against the labels of sets that say which steps are wrong: is what is refuted wrong?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa

from neurosym.runs.batch.estimates import Share, share_of
from neurosym.runs.batch.measures.outcomes import CONCLUSIVE_NAMES
from neurosym.runs.batch.snapshot import Snapshot, inflate, parse_output
from neurosym.runs.tables import attempts, problems

# What an output holds where its set labels steps: the numbers, from 1, of those that are wrong.
LABELS: Final = "error_steps"
_LABELS: Final = f'"{LABELS}":'.encode()


@dataclass(frozen=True, slots=True)
class _Refuted:
    """A refuted step: whether it is labelled wrong, or comes after one that is; its flags; and
    whether it is the first.
    """

    labelled: bool
    after: bool
    flags: frozenset[str]
    first: bool


# From all refuted steps to the fewest: each admits less than the ones before it.
_CURVE: Final[tuple[tuple[str, Callable[[_Refuted], bool]], ...]] = (
    ("all refuted steps", lambda step: True),
    ("those that depend on no refuted step", lambda step: "depends_on_refuted" not in step.flags),
    ("those without flags", lambda step: not step.flags),
    (
        "those without flags that are the first of their solution",
        lambda step: not step.flags and step.first,
    ),
)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The precision of refuted steps, of which only some are admitted.

    ``precision`` is how many of them are labelled wrong, ``explained`` how many are or come after
    one that is, ``found`` how many of the steps that are labelled wrong are among them.
    """

    name: str
    precision: Share
    explained: Share
    found: Share


@dataclass(frozen=True, slots=True)
class StepLabels:
    """The steps of a set's solutions, in the chosen attempts, against the set's labels.

    ``coverage`` is how many of all steps were decided. The labels name the steps where an error
    is made, not the false statements that follow from it.
    """

    name: str
    solutions: int
    steps: int
    labelled: int
    coverage: Share
    curve: tuple[Admitted, ...]


@dataclass(slots=True)
class _Tally:
    solutions: int = 0
    steps: int = 0
    labelled: int = 0
    decided: int = 0
    # For each point of the curve: admitted steps, those labelled wrong, those that are or follow.
    admitted: list[list[int]] = field(default_factory=lambda: [[0, 0, 0] for _ in _CURVE])

    def add(self, output: Mapping[str, Any], wrong: frozenset[int]) -> None:
        self.solutions += 1
        self.labelled += len(wrong)
        first = True
        for step in _steps(output):
            self.steps += 1
            self.decided += step.get("verdict") in CONCLUSIVE_NAMES
            if step.get("verdict") != "refuted":
                continue
            flags, index = step.get("flags"), step.get("index")
            refuted = _Refuted(
                index in wrong,
                isinstance(index, int) and index > min(wrong, default=index),
                frozenset(map(str, flags if isinstance(flags, list) else ())),
                first,
            )
            first = False
            for counts, (_, admits) in zip(self.admitted, _CURVE, strict=True):
                if admits(refuted):
                    counts[0] += 1
                    counts[1] += refuted.labelled
                    counts[2] += refuted.labelled or refuted.after

    def result(self, name: str) -> StepLabels:
        return StepLabels(
            name=name,
            solutions=self.solutions,
            steps=self.steps,
            labelled=self.labelled,
            coverage=share_of(self.decided, self.steps),
            curve=tuple(
                Admitted(
                    said,
                    precision=share_of(labelled, number),
                    explained=share_of(explained, number),
                    found=share_of(labelled, max(labelled, self.labelled)),
                )
                for (number, labelled, explained), (said, _) in zip(
                    self.admitted, _CURVE, strict=True
                )
            ),
        )


def step_labels(snapshot: Snapshot) -> tuple[StepLabels, ...]:
    """The sets that label steps, by name. Raises BrokenToolError where an output is damaged."""
    chosen = sa.and_(
        attempts.c.position == problems.c.position, attempts.c.sample == problems.c.chosen
    )
    outputs = (
        sa.select(problems.c.position, problems.c.form, problems.c.chosen, attempts.c.body)
        .join_from(problems, attempts, chosen)
        .where(problems.c.kind == "verify")
        .order_by(problems.c.position)
    )
    tallies: dict[str, _Tally] = {}
    for row in snapshot.rows(outputs):
        text = inflate(row.body, row.position, row.chosen)
        if _LABELS not in text:  # cheaper than reading all of it
            continue
        output = parse_output(text, row.position, row.chosen)
        labels = output.get(LABELS)
        if isinstance(labels, list):
            wrong = frozenset(label for label in labels if type(label) is int)
            tallies.setdefault(row.form, _Tally()).add(output, wrong)
    return tuple(tallies[name].result(name) for name in sorted(tallies))


def _steps(output: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    steps = output.get("steps")
    return (step for step in (steps if isinstance(steps, list) else ()) if isinstance(step, dict))
