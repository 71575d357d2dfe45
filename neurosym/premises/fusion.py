"""Rankings joined to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

CONSTANT: Final = 60
MOST: Final = 1_000


def ranks(scores: NDArray[np.float32]) -> NDArray[np.int32]:
    """The place of each in falling order of its score, from 1; the earlier first among equals.

    Only the first ``MOST`` with a score above 0 have places of their own; the others share the
    next, since so far down a place says nothing.
    """
    found = np.full(len(scores), MOST + 1, dtype=np.int32)
    best = np.flatnonzero(scores > 0)
    if len(best) > MOST:
        # From the front: where the lowest are equal, as they often are, NumPy takes ten times as
        # long from the other end.
        falling = -scores[best]
        best = best[falling <= np.partition(falling, MOST - 1)[MOST - 1]]
    best = best[np.argsort(-scores[best], kind="stable")][:MOST]
    found[best] = np.arange(1, len(best) + 1, dtype=np.int32)
    return found


def fuse(
    rankings: Sequence[NDArray[np.int32]], weights: Sequence[float] | None = None
) -> NDArray[np.float32]:
    """Scores by reciprocal-rank fusion of rankings from 1, each with its weight.

    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
    learning methods", SIGIR 2009; ``CONSTANT`` is theirs. Raises ValueError without any ranking.
    """
    if not rankings:
        raise ValueError("there is nothing to fuse")
    weights = weights if weights is not None else [1.0] * len(rankings)
    total = np.zeros(len(rankings[0]), dtype=np.float32)
    for ranking, weight in zip(rankings, weights, strict=True):
        total += np.float32(weight) / (CONSTANT + ranking)
    return total
