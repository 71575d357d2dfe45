"""A learned order of the first premises: a linear score over what the retrievers say.

Features are the reciprocal ranks that each retriever gives, and what the corpus knows of the
premise. Small enough to be a JSON file, which anybody can read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.corpus import Corpus
from neurosym.premises.fusion import CONSTANT
from provers.errors import InputError

FIRST: Final = 200  # of the fused ranking are put in order
_RETRIEVERS: Final = ("bm25", "overlap", "dense", "neighbours", "prior")
FEATURES: Final = (
    *_RETRIEVERS,
    "best of them",
    "found by words and near",
    "labelled before",
    "simp",
    "grind",
    "theorem",
    "same namespace",
    "names no more",
)
_ROUNDS: Final = 300
_RATE: Final = 0.5
_RIDGE: Final = 1e-2

Features: TypeAlias = NDArray[np.float32]
"""A row for each premise, a column for each of ``FEATURES``."""


def features(
    corpus: Corpus,
    chosen: NDArray[np.int32],
    ranks: Mapping[str, NDArray[np.int32]],
    *,
    symbols: Sequence[int] = (),
    counts: NDArray[np.int64] | None = None,
) -> Features:
    """What is known of the premises with these indices; ``ranks`` has their places, from 1.

    ``symbols`` are the goal's declarations, ``counts`` how many labels each premise is in.
    """
    size = len(chosen)
    columns: list[NDArray[Any]] = [
        np.float32(CONSTANT) / (CONSTANT + ranks[name])
        if name in ranks
        else np.zeros(size, dtype=np.float32)
        for name in _RETRIEVERS
    ]
    columns.append(np.max(columns, axis=0))
    columns.append(columns[0] * columns[2])
    known = np.zeros(size) if counts is None else counts[chosen]
    columns.append(np.log1p(known))
    columns.append(corpus.marked("simp")[chosen])
    columns.append(corpus.marked("grind")[chosen])
    columns.append(np.array([corpus.kinds[int(i)] == "theorem" for i in chosen]))
    # A function's theorems lie in its own namespace or in its type's.
    names = [corpus.names[i] for i in symbols]
    spaces = {*names, *(name.rpartition(".")[0] for name in names)} - {""}
    columns.append(np.array([corpus.names[int(i)].rpartition(".")[0] in spaces for i in chosen]))
    named = np.zeros(len(corpus), dtype=bool)
    named[list(symbols)] = True
    columns.append(np.array([bool(named[corpus.uses(int(i))].all()) for i in chosen]))
    return np.stack(columns, axis=1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Reranker:
    """Weights for the features, and a constant."""

    weights: tuple[float, ...]
    bias: float

    def scores(self, rows: Features) -> NDArray[np.float32]:
        found: NDArray[np.float32] = rows @ np.array(self.weights, np.float32) + self.bias
        return found

    def save(self, file: Path) -> None:
        data = {"features": list(FEATURES), "weights": self.weights, "bias": self.bias}
        file.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Reranker:
        """Raises InputError where the file is not there, or is of other features."""
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            weights = tuple(float(one) for one in data["weights"])
            same = data["features"] == list(FEATURES) and len(weights) == len(FEATURES)
            bias = float(data["bias"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"the re-ranker '{file}' cannot be read: train it again.") from error
        if not same:
            raise InputError(f"the re-ranker '{file}' is of another version: train it again.")
        return cls(weights, bias)


def train(rows: Sequence[Features], wanted: Sequence[NDArray[np.bool_]]) -> Reranker:
    """Learn from one matrix for each theorem, and which of its rows were needed.

    Each theorem's rows compete with one another alone (Cao et al., "Learning to rank: from
    pairwise approach to listwise approach", 2007, with what is needed as the top): the weights
    maximise the share that the needed rows have of the softmax of all. Raises ValueError where
    none is needed.
    """
    pairs = [(x, y) for x, y in zip(rows, wanted, strict=True) if y.any()]
    if not pairs:
        raise ValueError("no row is needed: there is nothing to learn")
    x = np.concatenate([one for one, _ in pairs]).astype(np.float64)
    y = np.concatenate([one for _, one in pairs])
    sizes = np.array([len(one) for _, one in pairs])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    normal = (x - mean) / spread

    def shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
        highest = np.repeat(np.maximum.reduceat(scores, starts), sizes)
        powers = np.exp(scores - highest)
        found: NDArray[np.float64] = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
        return found

    weights = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        scores = normal @ weights
        error = shares(scores) - shares(np.where(y, scores, -np.inf))
        weights -= _RATE * (normal.T @ error / len(pairs) + _RIDGE * weights)
    own = weights / spread
    return Reranker(tuple(own.tolist()), float(-(own * mean).sum()))
