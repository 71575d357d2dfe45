"""Rounds of translating, verifying, keeping, mutating and training, each of them measured.

In a round the model of the round before translates tasks, a judge keeps what a prover accepts,
mutations multiply that, a new model is trained on all that was kept so far, and its translations of
problems that no round learns from are judged by the same judge. Every round's data, model and
figures stay in the loop's folder.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from neurosym.augment.logic.renaming import renamed
from neurosym.llm.base import Request
from neurosym.llm.local import TransformersModel
from neurosym.train.translator.data import Pair, Task
from neurosym.train.translator.expert import Grammar, Grow, Judge, Sampling, drawn, rounds
from neurosym.train.translator.folders import NOTE, is_free, room
from neurosym.train.translator.training import Training
from provers.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES: Final = "rounds.json"
PLOT: Final = "rounds.svg"
_TOGETHER: Final = 16  # problems that are asked at once


@dataclass(frozen=True, slots=True)
class Measured:
    """A round: ``accepted`` of the ``drawn`` samples of the tasks, of ``solved`` of which at least
    one was; ``learnt`` pairs; and ``right`` of the ``held_out`` problems, translated once and
    greedily. Round 0 is what the loop begins with, which drew and learnt nothing.
    """

    number: int
    held_out: int
    right: int
    drawn: int = 0
    accepted: int = 0
    solved: int = 0
    learnt: int = 0

    @property
    def rate(self) -> float:
        """The held-out verified-translation rate, from 0 to 1."""
        return self.right / self.held_out


def loop(
    tasks: Sequence[Task],
    held_out: Sequence[Task],
    judge: Judge,
    out: Path,
    base: str | Path,
    how: Training | None = None,
    sampling: Sampling | None = None,
    *,
    pairs: Sequence[Pair] = (),
    grammar: Grammar | None = None,
    grow: Grow | None = None,
    tell: Callable[[Measured], None] | None = None,
) -> list[Measured]:
    """Run ``sampling.rounds`` rounds; the folder ``out`` has them by number, ``rounds.json`` and a
    plot. Interrupted, it goes on when it is begun again with the same folder.

    ``pairs`` are learnt in each round besides; ``grow`` makes more of each accepted pair, but for
    those that would be held-out problems; ``tell`` is told each round.

    Raises InputError without problems to measure on, for one that is learnt from, and what
    ``expert.rounds`` raises.
    """
    how, sampling = how or Training(), sampling or Sampling()
    if not held_out:
        raise InputError("there is nothing to measure on: no problem is held out.")
    learnt_from = {task.messages for task in tasks} | {pair.messages for pair in pairs}
    for number, task in enumerate(held_out, 1):
        if task.messages in learnt_from:
            raise InputError(f"problem {number} of those held out is among what is learnt from.")
    is_free(out, NOTE)
    kept_back = {task.messages for task in held_out}

    def grown(pair: Pair) -> list[Pair]:
        return [one for one in grow(pair) if one.messages not in kept_back] if grow else []

    found: list[Measured] = []

    def add(measured: Measured) -> None:
        found.append(measured)
        _keep(found, out)
        if tell is not None:
            tell(measured)

    with room(out):
        made = rounds(
            tasks, judge, out, base, how, sampling, pairs=pairs, grammar=grammar, grow=grown
        )
        for one in made:
            if not found:
                right = _right(held_out, judge, str(base), how, sampling, grammar, out / "0.right")
                add(Measured(0, len(held_out), right))
            _write_pairs(one.learnt, out / f"{one.number}.pairs.jsonl")
            place = out / f"{one.number}.right"
            right = _right(held_out, judge, str(one.model), how, sampling, grammar, place)
            counted = dataclasses.asdict(one.round)
            add(Measured(one.number, len(held_out), right, **counted, learnt=len(one.learnt)))
    return found


def with_other_words(most: int) -> Grow:
    """Makes ``most`` pairs of an accepted one by other names, kinds and qualities in what the user
    says and in the formula.
    """

    def grow(pair: Pair) -> list[Pair]:
        *before, last = pair.messages
        return [
            Pair((*before, dataclasses.replace(last, content=text)), formula)
            for text, formula in renamed(last.content, pair.completion, most)
        ]

    return grow


def _right(
    held_out: Sequence[Task],
    judge: Judge,
    source: str,
    how: Training,
    sampling: Sampling,
    grammar: Grammar | None,
    note: Path,
) -> int:
    """How many greedy translations are accepted; counted once, and then noted."""
    if note.is_file():
        return int(note.read_text(encoding="utf-8"))
    model = TransformersModel(source, device=how.device)
    right = 0
    try:
        for start in range(0, len(held_out), _TOGETHER):
            part = held_out[start : start + _TOGETHER]
            requests = [
                Request(
                    task.messages,
                    grammar=None if grammar is None else grammar(task),
                    temperature=0.0,
                    max_tokens=sampling.max_tokens,
                )
                for task in part
            ]
            for task, samples in zip(part, drawn(model, requests), strict=True):
                right += any(one.finish == "stop" and judge(task, one.text) for one in samples)
    finally:
        model.close()
    partial = note.with_name(f"{note.name}.partial")
    partial.write_text(str(right), encoding="utf-8")
    partial.rename(note)
    return right


def _write_pairs(pairs: Sequence[Pair], file: Path) -> None:
    with file.open("w", encoding="utf-8") as stream:
        for pair in pairs:
            messages = [{"role": one.role, "content": one.content} for one in pair.messages]
            line = {"messages": messages, "completion": pair.completion}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def _keep(found: Sequence[Measured], out: Path) -> None:
    rows = [{**dataclasses.asdict(one), "rate": round(one.rate, 4)} for one in found]
    (out / FIGURES).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (out / PLOT).write_text(plot(found), encoding="utf-8")


def plot(found: Sequence[Measured]) -> str:
    """The held-out rate, and the share of samples that were accepted, by round, as SVG.

    Raises MissingToolError without matplotlib.
    """
    from neurosym.runs.batch.reports.plots import drawn as svg_of

    def into(figure: Figure) -> bool:
        axes = figure.add_subplot()
        axes.plot(
            [one.number for one in found],
            [100 * one.rate for one in found],
            color="#000000",
            marker="o",
            label="held out, translated and accepted",
        )
        sampled = [one for one in found if one.drawn]
        axes.plot(
            [one.number - 1 for one in sampled],  # by the model that the round began with
            [100 * one.accepted / one.drawn for one in sampled],
            color="#0072B2",
            linestyle="--",
            marker="s",
            label="samples of tasks, accepted",
        )
        axes.set_xlabel("round")
        axes.set_ylabel("%")
        axes.set_ylim(0, 100)
        axes.set_xticks([one.number for one in found])
        axes.legend(frameon=False)
        return True

    return svg_of("rounds", into)
