"""What was not decided, by reason, with examples; and the problems that were given up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from neurosym.runs.batch.measures.outcomes import CONCLUSIVE_NAMES
from neurosym.runs.batch.snapshot import Snapshot, read_output
from neurosym.runs.tables import attempts, problems

MOST_REASONS: Final = 40
MOST_EXAMPLES: Final = 5
MOST_GIVEN_UP: Final = 100
_MOST_CHARACTERS: Final = 300


@dataclass(frozen=True, slots=True)
class Example:
    """A problem, by id and place, and the first thing that its chosen attempt said of it."""

    id: str
    form: str
    file: str
    line: int
    tries: int
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """How many problems ended inconclusively with one outcome for one reason; the first of them."""

    outcome: str
    reason: str
    number: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Failures:
    """The most frequent ``reasons``; ``others`` problems failed for others.

    ``given_up`` problems took their prover or worker along too often; ``given_up_first`` are the
    first of them.
    """

    number: int
    reasons: tuple[Failure, ...]
    others: int
    given_up: int
    given_up_first: tuple[Example, ...]


def failures(snapshot: Snapshot) -> Failures:
    """Raises BrokenToolError where an output is damaged."""
    failed = problems.c.outcome.not_in(sorted(CONCLUSIVE_NAMES))
    number = sa.func.count().label("number")
    total = next(snapshot.rows(sa.select(number).select_from(problems).where(failed))).number
    counted = (
        sa.select(problems.c.outcome, problems.c.reason, number)
        .where(failed)
        .group_by(problems.c.outcome, problems.c.reason)
        .order_by(number.desc(), problems.c.outcome, problems.c.reason)
        .limit(MOST_REASONS)
    )
    reasons = tuple(
        Failure(
            row.outcome,
            row.reason,
            row.number,
            _examples(
                snapshot,
                sa.and_(problems.c.outcome == row.outcome, problems.c.reason == row.reason),
                MOST_EXAMPLES,
            ),
        )
        for row in list(snapshot.rows(counted))
    )
    given_up = problems.c.stopped == "given_up"
    many = next(snapshot.rows(sa.select(number).select_from(problems).where(given_up))).number
    return Failures(
        number=total,
        reasons=reasons,
        others=total - sum(reason.number for reason in reasons),
        given_up=many,
        given_up_first=_examples(snapshot, given_up, MOST_GIVEN_UP) if many else (),
    )


def _examples(snapshot: Snapshot, where: sa.ColumnElement[bool], most: int) -> tuple[Example, ...]:
    chosen = sa.and_(
        attempts.c.position == problems.c.position, attempts.c.sample == problems.c.chosen
    )
    first = (
        sa.select(
            problems.c.position,
            problems.c.id,
            problems.c.form,
            problems.c.file,
            problems.c.line,
            problems.c.tries,
            problems.c.chosen,
            attempts.c.body,
        )
        .join_from(problems, attempts, chosen, isouter=True)
        .where(where)
        .order_by(problems.c.position)
        .limit(most)
    )
    return tuple(
        Example(
            row.id,
            row.form,
            row.file,
            row.line,
            row.tries,
            "" if row.body is None else told(read_output(row.body, row.position, row.chosen)),
        )
        for row in snapshot.rows(first)
    )


def told(output: Mapping[str, Any]) -> str:
    """The first thing that an output says of itself, shortened; empty where it says nothing.

    Of reasoning, that is what the first step says that has the verdict of the whole, else the
    first that was not proved.
    """
    text = _message(output)
    steps = output.get("steps")
    if not text and isinstance(steps, list):
        open_steps = [
            step
            for step in steps
            if isinstance(step, Mapping) and step.get("verdict") not in ("proved", "no_claim")
        ]
        whole = output.get("verdict")
        deciding = [step for step in open_steps if step.get("verdict") == whole]
        for step in (deciding or open_steps)[:1]:
            text = f"step {step.get('index')}: {_message(step) or step.get('verdict')}"
    answer = output.get("answer")
    if not text and isinstance(answer, Mapping):
        text = str(answer.get("message") or "")
    text = " ".join(text.split())
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"


def _message(output: Mapping[str, Any]) -> str:
    messages = output.get("messages")
    for message in messages if isinstance(messages, list) else ():
        text = message.get("text") if isinstance(message, Mapping) else message
        if isinstance(text, str) and text.strip():
            return text
    for name in ("error", "message", "reason"):
        text = output.get(name)
        if isinstance(text, str) and text.strip():
            return text
    return ""
