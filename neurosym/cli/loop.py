"""``neurosym loop``: rounds of translating, verifying, keeping and training, each one measured."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neurosym.cli import OK, streams
from provers import registry
from provers.base import Limits

if TYPE_CHECKING:
    from neurosym.train.loop import Measured
    from neurosym.train.translator.expert import Sampling
    from neurosym.train.translator.training import Training


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What the command was given."""

    tasks: Path
    held_out: Path
    out: Path
    base: str
    pairs: Path | None
    how: Training
    sampling: Sampling
    renamed: int
    prover: str
    seconds: float


def run(asked: Asked, as_json: bool) -> int:
    """Run the rounds, and say what each of them came to."""
    from neurosym.train.loop import PLOT, loop, with_other_words
    from neurosym.train.translator.data import read_pairs, read_tasks
    from neurosym.train.translator.judging import equivalent

    limits = Limits(asked.seconds)
    prover = registry.load(asked.prover)
    try:
        found = loop(
            read_tasks(asked.tasks),
            read_tasks(asked.held_out),
            equivalent(lambda problem: prover.prove(problem, limits)),
            asked.out,
            asked.base,
            asked.how,
            asked.sampling,
            pairs=() if asked.pairs is None else read_pairs(asked.pairs),
            grow=with_other_words(asked.renamed) if asked.renamed else None,
            tell=None if as_json else _tell,
        )
    finally:
        prover.close()
    if as_json:
        rows: list[dict[str, Any]] = [
            {**dataclasses.asdict(one), "rate": round(one.rate, 4)} for one in found
        ]
        streams.print_json({"out": str(asked.out), "rounds": rows}, pretty=True)
    else:
        last = asked.out / str(found[-1].number)
        streams.print_line(
            f"The last model is in {last}; a plot of the rounds in {asked.out / PLOT}."
        )
    return OK


def _tell(one: Measured) -> None:
    drawn = f"; {one.accepted:,} of {one.drawn:,} samples accepted, {one.learnt:,} pairs learnt"
    streams.print_line(
        f"Round {one.number}: {one.right:,} of {one.held_out:,} held-out problems "
        f"({100 * one.rate:.1f}%){drawn if one.drawn else ''}."
    )
