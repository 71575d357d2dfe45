"""Splits by lineage: a seed and all that was made of it are on one side."""

from __future__ import annotations

import pytest

from neurosym.augment.base import Lineage, Statement
from neurosym.augment.export.split import SIDES, Shares, split
from neurosym.augment.export.translations import pairs
from provers.base import Outcome
from provers.errors import InputError
from provers.logic.syntax import Apply, Pred
from tests.neurosym.augment.made import example

SEEDS = [f"seed-{n}" for n in range(2000)]


def test_no_seed_is_on_two_sides() -> None:
    examples = [
        example(
            id=f"{seed}.{n}",
            lineage=Lineage(seed, ("change",) * n),
            premises=(),
            claim=Statement(f"{seed} is {n}.", Pred(f"is_{n}", (Apply(seed.replace("-", "")),))),
            label=[Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT][n],
        )
        for seed in SEEDS[:300]
        for n in range(3)
    ]
    shares = Shares(0.5, 0.25, 0.25)
    sides = split(pairs(examples), shares)
    seeds = [{row["seed"] for row in sides[side]} for side in SIDES]
    assert all(seeds)
    assert not seeds[0] & seeds[1] and not seeds[0] & seeds[2] and not seeds[1] & seeds[2]
    assert sum(map(len, sides.values())) == 900
    # An order, or fewer of them, moves none.
    again = split(pairs(reversed(examples[450:])), shares)
    for side in SIDES:
        assert {row["id"] for row in again[side]} <= {row["id"] for row in sides[side]}


@pytest.mark.parametrize("shares", [(0.8, 0.1, 0.1), (0.5, 0, 0.5), (1, 0, 0), (0, 1, 0)])
def test_the_shares_are_kept(shares: tuple[float, float, float]) -> None:
    found = [Shares(*shares).side(seed) for seed in SEEDS]
    for side, share in zip(SIDES, shares, strict=True):
        assert abs(found.count(side) / len(SEEDS) - share) < 0.03
        assert share > 0 or side not in found


def test_it_is_the_same_everywhere() -> None:
    even = Shares(0.4, 0.3, 0.3)
    found = [even.side(seed) for seed in ("a", "b", "c", "Zoë", "\ud800", "")]
    assert found == ["train", "train", "train", "validation", "test", "validation"]
    other = Shares(0.4, 0.3, 0.3, salt="2")
    assert [even.side(s) for s in SEEDS] != [other.side(s) for s in SEEDS]


@pytest.mark.parametrize(
    "shares", [(0.5, 0.5, 0.5), (1.5, -0.5, 0), (float("nan"), 0, 1), (0, 0, 0)]
)
def test_shares_that_make_no_split(shares: tuple[float, float, float]) -> None:
    with pytest.raises(InputError, match="make no split"):
        Shares(*shares)
