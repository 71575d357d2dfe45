"""Sides of a split: what comes from one seed is on one side."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from neurosym.augment.export.formal import Row
from provers.errors import InputError

Side: TypeAlias = Literal["train", "validation", "test"]
SIDES: Final[tuple[Side, ...]] = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Shares:
    """What part of the seeds is on each side; together 1.

    ``salt`` makes another split of the same shares. Raises InputError for what makes no split.
    """

    train: float = 0.9
    validation: float = 0.05
    test: float = 0.05
    salt: str = ""

    def __post_init__(self) -> None:
        shares = (self.train, self.validation, self.test)
        if not all(0 <= share <= 1 for share in shares) or not math.isclose(sum(shares), 1):
            raise InputError(
                f"the shares {', '.join(map(str, shares))} make no split: they are at least 0 and "
                "together 1."
            )

    def side(self, seed: str) -> Side:
        """Where everything from this seed belongs; it depends on seed, shares and salt alone."""
        text = f"{self.salt}\0{seed}".encode("utf-8", "surrogatepass")
        at = int.from_bytes(hashlib.sha256(text).digest()[:8]) / 2**64
        if at < self.train:
            return "train"
        # A side whose share is 0 is empty, whatever sums of decimals come to.
        return "validation" if at < self.train + self.validation or not self.test else "test"


def split(rows: Iterable[Row], shares: Shares) -> dict[str, list[Row]]:
    """Rows by side, each side in their order."""
    found: dict[str, list[Row]] = {side: [] for side in SIDES}
    for row in rows:
        found[shares.side(row["seed"])].append(row)
    return found
