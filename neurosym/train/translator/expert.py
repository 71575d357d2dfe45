"""Expert iteration: a model learns from those of its own translations that a judge accepts.

As Polu and Sutskever ("Generative language modeling for automated theorem proving", 2020) and STaR
(Zelikman et al., NeurIPS 2022, section 3): each round samples translations, keeps the accepted
ones with those of the rounds before, and fine-tunes the model of the beginning, not the last one,
on all of them, so that what one round learnt by chance is not learnt again and again. The judge is
a prover, or whatever else can be asked: see ``Judge``.
"""

from __future__ import annotations

import dataclasses
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from neurosym.llm.base import Completion, Request
from neurosym.llm.local import TransformersModel
from neurosym.premises.labels import cut_unfinished
from neurosym.train.translator.base import Base
from neurosym.train.translator.data import Pair, Task
from neurosym.train.translator.folders import begin, begun, digest, is_free, room
from neurosym.train.translator.packages import quiet
from neurosym.train.translator.sft import fine_tune
from neurosym.train.translator.training import Training
from provers.errors import InputError, ModelError

Judge: TypeAlias = Callable[[Task, str], bool]
"""Whether a translation is accepted. It must always say the same of the same translation."""
Grammar: TypeAlias = Callable[[Task], str | None]
"""The grammar (GBNF) that a task's translations are held by, or None."""

_TOGETHER: Final = 16  # tasks that are asked at once, and noted once answered
_ROUNDS: Final = "rounds.json"


@dataclass(frozen=True, slots=True)
class Sampling:
    """``samples`` of each task in each of ``rounds``, of at most ``max_tokens`` tokens."""

    rounds: int = 2
    samples: int = 8
    temperature: float = 1.0
    max_tokens: int = 256

    def __post_init__(self) -> None:
        """Raises InputError for what cannot be sampled."""
        if min(self.rounds, self.samples, self.max_tokens) < 1:
            raise InputError("rounds, samples and max_tokens must be at least 1.")
        if not 0 < self.temperature < math.inf:
            raise InputError("temperature must be a positive number.")


@dataclass(frozen=True, slots=True)
class Round:
    """One round: samples drawn, how many were accepted, and of how many tasks at least one was.

    What is counted is what the model wrote that the round began with.
    """

    drawn: int
    accepted: int
    solved: int

    @property
    def share(self) -> float:
        """Accepted samples among all."""
        return self.accepted / self.drawn


@dataclass(frozen=True, slots=True)
class Made:
    """What a round left: its figures, all pairs that were learnt, and the model's folder."""

    number: int
    round: Round
    learnt: tuple[Pair, ...]
    model: Path


Grow: TypeAlias = Callable[[Pair], Sequence[Pair]]
"""Other pairs that are right where an accepted one is; always the same ones."""


def iterate(
    tasks: Sequence[Task],
    judge: Judge,
    out: Path,
    base: str | Path,
    how: Training | None = None,
    sampling: Sampling | None = None,
    *,
    pairs: Sequence[Pair] = (),
    grammar: Grammar | None = None,
) -> list[Round]:
    """Train ``base`` on what it gets right; ``out`` is the model of the last round.

    ``pairs`` are learnt in each round besides. Interrupted, it goes on, in the middle of a round
    too, when it is begun again with the same folder and, which cannot be looked into, the same
    judge and grammar. ``out`` keeps the rounds in ``rounds.json``.

    Raises what ``fine_tune`` and the judge raise, ModelError where the model does not answer, and
    InputError without tasks or where none of a round's samples was accepted and there are no pairs.
    """
    how, sampling = how or Training(), sampling or Sampling()
    is_free(out)
    place = out.with_name(f"{out.name}.rounds")
    with room(out):
        made = list(rounds(tasks, judge, place, base, how, sampling, pairs=pairs, grammar=grammar))
        found = [one.round for one in made]
        report = [{**dataclasses.asdict(one), "share": one.share} for one in found]
        model = made[-1].model
        (model / _ROUNDS).write_text(json.dumps({**begun(place), "rounds": report}, indent=1))
        if out.exists():
            shutil.rmtree(out)
        model.rename(out)
        shutil.rmtree(place)
    return found


def rounds(
    tasks: Sequence[Task],
    judge: Judge,
    place: Path,
    base: str | Path,
    how: Training,
    sampling: Sampling,
    *,
    pairs: Sequence[Pair] = (),
    grammar: Grammar | None = None,
    grow: Grow | None = None,
) -> Iterator[Made]:
    """The rounds of ``iterate``, one after the other, all of which stay in the folder ``place``.

    ``grow`` adds to each accepted pair. What is there already is not done again; raises as
    ``iterate``.
    """
    if not tasks:
        raise InputError("there is nothing to learn from: no task was given.")
    settings = {name: value for name, value in dataclasses.asdict(how).items() if name != "device"}
    with quiet():
        known = Base(base, "cpu").digest
    told = {
        "way": "expert iteration",
        "data": digest([list(tasks), list(pairs)]),
        "base": known,
        **settings,
        **dataclasses.asdict(sampling),
    }
    learnt = dict.fromkeys(pairs)
    begin(place, told)
    model = Path(base)
    for number in range(1, sampling.rounds + 1):
        answers = place / f"{number}.jsonl"
        accepted = _accepted(tasks, judge, answers, str(model), how, sampling, number, grammar)
        for task, texts in zip(tasks, accepted, strict=True):
            for pair in dict.fromkeys(Pair(task.messages, text) for text in texts):
                learnt.update(dict.fromkeys((pair, *(grow(pair) if grow else ()))))
        counted = _counted(accepted, sampling)
        if not learnt:
            raise InputError(
                f"none of {counted.drawn:,} translations was accepted: begin with a model that "
                "was fine-tuned on pairs, or give it pairs."
            )
        model = place / str(number)
        if not model.is_dir():
            fine_tune(list(learnt), model, base, how)
        yield Made(number, counted, tuple(learnt), model)


def _counted(accepted: Sequence[Sequence[str]], sampling: Sampling) -> Round:
    return Round(
        len(accepted) * sampling.samples, sum(map(len, accepted)), sum(map(bool, accepted))
    )


def _accepted(
    tasks: Sequence[Task],
    judge: Judge,
    file: Path,
    source: str,
    how: Training,
    sampling: Sampling,
    number: int,
    grammar: Grammar | None,
) -> list[list[str]]:
    """The accepted translations of each task, with repetitions; noted in ``file`` as they come."""
    found = _noted(file)
    if len(found) == len(tasks):
        return found
    model = TransformersModel(source, device=how.device)
    try:
        with file.open("a", encoding="utf-8") as stream:
            while len(found) < len(tasks):
                here = range(len(found), min(len(found) + _TOGETHER, len(tasks)))
                seed = how.seed + number * len(tasks) * sampling.samples
                requests = [
                    Request(
                        tasks[i].messages,
                        grammar=None if grammar is None else grammar(tasks[i]),
                        n=sampling.samples,
                        temperature=sampling.temperature,
                        seed=seed + i * sampling.samples,
                        max_tokens=sampling.max_tokens,
                    )
                    for i in here
                ]
                for i, samples in zip(here, drawn(model, requests), strict=True):
                    found.append(_judged(tasks[i], samples, judge))
                    stream.write(json.dumps(found[-1]) + "\n")
                stream.flush()
                os.fsync(stream.fileno())
    finally:
        model.close()
    return found


def drawn(model: TransformersModel, requests: Sequence[Request]) -> list[Sequence[Completion]]:
    """The samples of each request, none for one that got nothing but empty ones."""
    try:
        return [answer.samples for answer in model.complete_all(requests)]
    except ModelError as error:
        if error.reason != "empty":
            raise
        if len(requests) == 1:
            return [()]
        return [samples for one in requests for samples in drawn(model, [one])]


def _judged(task: Task, samples: Sequence[Completion], judge: Judge) -> list[str]:
    """Those that ended by themselves and are accepted; each different one is judged once."""
    whole = [sample.text for sample in samples if sample.finish == "stop" and sample.text]
    good = {text: judge(task, text) for text in dict.fromkeys(whole)}
    return [text for text in whole if good[text]]


def _noted(file: Path) -> list[list[str]]:
    """What was noted before; a line that was being written when the run ended is cut off."""
    if not file.exists():
        return []
    cut_unfinished(file)
    found: list[list[str]] = [json.loads(line) for line in file.read_bytes().splitlines()]
    return found
