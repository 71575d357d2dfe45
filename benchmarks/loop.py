"""A small translator that learns from what a prover accepts of its own work, round by round.

Its sentences are those of ProofWriter and PrOntoQA in other words than the rules read
(``benchmarks/paraphrase.py``). It begins from scratch with the rules' own sentences alone. In each
round it translates the other ones some times, Z3 keeps what is equivalent to what the sentence
says, other words multiply that, and a new model is trained on all that was kept. What is measured
is how many sentences of problems that no round sees it then translates right at once; three seeds,
each its own split.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import random
import shutil
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks import premises_work as work
from benchmarks.paraphrase import problems
from neurosym.llm.base import Message
from neurosym.train.loop import Measured, loop, with_other_words
from neurosym.train.translator.data import Pair, Task
from neurosym.train.translator.expert import Sampling
from neurosym.train.translator.judging import equivalent
from neurosym.train.translator.sft import fine_tune
from neurosym.train.translator.tiny import Size, tiny
from neurosym.train.translator.training import Training
from provers import registry
from provers.base import Limits
from provers.logic.formats import parse
from provers.logic.syntax import Pred, walk

SEEDS: Final = (0, 1, 2)
ROUNDS: Final = 3
_PROBLEMS: Final = 150  # of each set
_HELD_OUT: Final = 0.25  # of the problems
_KNOWN: Final = 1_500  # sentences that the rules read, which the first model learns from
_AGAIN: Final = 300  # of them, which every round learns besides
_TASKS: Final = 600
_MEASURED: Final = 300
_RENAMED: Final = 4  # pairs with other words for each accepted one
_SIZE: Final = Size(hidden=192, layers=3, heads=4, vocabulary=1024, context=512)
_FIRST: Final = Training(epochs=6.0, batch=32, rate=2e-3)
_HOW: Final = Training(epochs=4.0, batch=32, rate=1e-3)
_SAMPLING: Final = Sampling(rounds=ROUNDS, samples=8, temperature=0.8, max_tokens=80)
_LIMITS: Final = Limits(5.0)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All seeds, or with a limit one seed of so many tasks."""
    seeds = SEEDS if limit is None else SEEDS[:1]
    found = {seed: _seed(data, seed, limit or _TASKS) for seed in seeds}
    rates = [[one.rate for one in found[seed]] for seed in seeds]
    means = [round(100 * sum(column) / len(column), 2) for column in zip(*rates, strict=True)]
    return {
        "seeds": len(seeds),
        "held_out": found[seeds[0]][0].held_out,
        "held_out_percent_by_round": means,
        "by_seed": {str(seed): [round(100 * one.rate, 2) for one in found[seed]] for seed in seeds},
        "rises_each_round": all(a < b for row in rates for a, b in itertools.pairwise(row)),
        "last_over_first": round(means[-1] / max(means[0], 1e-9), 2),
        "rounds": {
            str(seed): [
                {"drawn": one.drawn, "accepted": one.accepted, "learnt": one.learnt}
                for one in found[seed]
            ]
            for seed in seeds
        },
    }


def _seed(data: Path, seed: int, most: int) -> list[Measured]:
    """What a seed's rounds came to; kept, so that a run that was cut off goes on."""
    kept = work.folder() / f"loop-{seed}-{most}.json"
    if kept.is_file():
        return [Measured(**one) for one in json.loads(kept.read_text(encoding="utf-8"))]
    found = _rounds(data, seed, most)
    kept.write_text(json.dumps([dataclasses.asdict(one) for one in found]), encoding="utf-8")
    return found


def _rounds(data: Path, seed: int, most: int) -> list[Measured]:
    drawn = problems(data, _PROBLEMS, seed)
    random.Random(seed).shuffle(drawn)
    cut = round(len(drawn) * _HELD_OUT)
    known = _pairs(drawn[cut:], "original")[:_KNOWN]
    tasks = [Task(one.messages, one.completion) for one in _pairs(drawn[cut:], "paraphrase")][:most]
    learnt_from = {one.messages for one in known} | {one.messages for one in tasks}
    held_out = [
        Task(one.messages, one.completion)
        for one in _pairs(drawn[:cut], "paraphrase")
        if one.messages not in learnt_from
    ][: min(_MEASURED, most)]
    begun = time.monotonic()

    def tell(one: Measured) -> None:
        print(seed, one, round(one.rate, 4), round(time.monotonic() - begun), flush=True)

    prover = registry.load("z3")
    place = work.folder() / f"loop-{seed}-{most}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    try:
        # Its vocabulary may know the words of tasks, which are asked of it; not what they say.
        texts = [*known, *(Pair(one.messages, "x") for one in tasks)]
        scratch = tiny(texts, place / "scratch", _SIZE, seed=seed)
        base = fine_tune(known, place / "base", scratch, dataclasses.replace(_FIRST, seed=seed))
        return loop(
            tasks,
            held_out,
            equivalent(lambda problem: prover.prove(problem, _LIMITS)),
            place / "rounds",
            base,
            dataclasses.replace(_HOW, seed=seed),
            _SAMPLING,
            pairs=known[:_AGAIN],
            grow=with_other_words(_RENAMED),
            tell=tell,
        )
    finally:
        prover.close()


def _pairs(drawn: Iterable[dict[str, Any]], which: str) -> Sequence[Pair]:
    """Each sentence with its problem's words, and what it says; none twice."""
    found: dict[tuple[Message, ...], Pair] = {}
    for problem in drawn:
        formulas = [one["formula"] for one in problem["sentences"]]
        names = {
            atom.name
            for text in formulas
            for atom in walk(parse(text, "unicode"))
            if isinstance(atom, Pred)
        }
        words = " ".join(sorted(names))
        for one in problem["sentences"]:
            asked = (Message("user", f"{one[which]}\n{words}"),)
            found.setdefault(asked, Pair(asked, one["formula"]))
    return list(found.values())
