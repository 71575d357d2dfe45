"""``neurosym train translator``: a model that writes steps as formulas, from what was verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from neurosym.cli import OK, streams
from provers import registry
from provers.base import Limits
from provers.errors import InputError

if TYPE_CHECKING:
    from neurosym.train.translator.expert import Sampling
    from neurosym.train.translator.training import Training

Way = Literal["sft", "dpo", "expert"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command was given; ``base`` is None for a small model from scratch."""

    way: Way
    data: Path
    out: Path
    base: str | None
    how: Training
    sampling: Sampling
    beta: float
    prover: str
    seconds: float


def train(asked: Asked, as_json: bool) -> int:
    """Train in the way that was asked for, and say what came of it."""
    facts: dict[str, Any] = {"model": str(asked.out), "way": asked.way}
    match asked.way:
        case "sft":
            facts["pairs"] = _sft(asked)
        case "dpo":
            facts["preferences"] = _dpo(asked)
        case "expert":
            facts["rounds"] = _expert(asked)
    if as_json:
        streams.print_json(facts, pretty=True)
        return OK
    for one in facts.get("rounds", ()):
        streams.print_line(f"Round: {one['accepted']:,} of {one['drawn']:,} samples accepted.")
    streams.print_line(
        f"The model is in {asked.out}: neurosym verify --translator model --model {asked.out}"
    )
    return OK


def _sft(asked: Asked) -> int:
    from neurosym.train.translator.data import read_pairs
    from neurosym.train.translator.sft import fine_tune
    from neurosym.train.translator.tiny import tiny

    pairs = read_pairs(asked.data)
    base = asked.base
    if base is None:
        scratch = asked.out.with_name(f"{asked.out.name}.scratch")
        # It is what an interrupted training began with, so it stays until that has ended.
        base = str(scratch if scratch.is_dir() else tiny(pairs, scratch, seed=asked.how.seed))
    fine_tune(pairs, asked.out, base, asked.how)
    return len(pairs)


def _dpo(asked: Asked) -> int:
    from neurosym.train.translator.data import read_preferences
    from neurosym.train.translator.dpo import prefer

    preferences = read_preferences(asked.data)
    prefer(preferences, asked.out, _named(asked), asked.how, beta=asked.beta)
    return len(preferences)


def _expert(asked: Asked) -> list[dict[str, int]]:
    from neurosym.train.translator.data import read_tasks
    from neurosym.train.translator.expert import iterate
    from neurosym.train.translator.judging import equivalent

    tasks = read_tasks(asked.data)
    limits = Limits(asked.seconds)
    prover = registry.load(asked.prover)
    try:
        rounds = iterate(
            tasks,
            equivalent(lambda problem: prover.prove(problem, limits)),
            asked.out,
            _named(asked),
            asked.how,
            asked.sampling,
        )
    finally:
        prover.close()
    return [{"drawn": one.drawn, "accepted": one.accepted, "solved": one.solved} for one in rounds]


def _named(asked: Asked) -> str:
    if asked.base is None:
        raise InputError(
            f"--way {asked.way} begins with a model that translates already: give --base FOLDER."
        )
    return asked.base
