"""Premises that share symbols with a goal, rare ones above all.

Meng and Paulson, "Lightweight relevance filtering for machine-generated resolution problems", 2009
(MePo): what shares enough with the goal is taken, and its symbols count for the goal's from then
on. Here the rounds give a ranking: who was taken earlier is above who was taken later.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.corpus import Corpus

# Section 4 of the paper; its best settings.
_PASS: Final = 0.6
_CONVERGENCE: Final = 2.4
_ROUNDS: Final = 8
_MOST: Final = 512  # taken in all, after which only scores order the rest
# Constants that nearly every statement has, which say nothing.
_LOGIC: Final = frozenset({"Eq", "Not", "And", "Or", "Iff", "True", "False", "Exists", "outParam"})


class Overlap:
    """The symbols of each premise's statement, and how common they are."""

    def __init__(self, corpus: Corpus) -> None:
        size = len(corpus)
        values, starts = corpus.edges("uses")
        own = np.repeat(np.arange(size, dtype=np.int32), np.diff(starts))
        logical = [i for i in (corpus.find(name) for name in _LOGIC) if i is not None]
        kept = ~np.isin(values, logical)
        self._symbols, self._owners = values[kept], own[kept]
        self._first = np.searchsorted(self._owners, np.arange(size + 1))
        # By symbol, too: a goal has few of them, and most premises share none.
        self._by_symbol = self._owners[np.argsort(self._symbols, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(self._symbols, minlength=size))])
        self._size = size
        frequency = np.bincount(self._symbols, minlength=size)
        # The paper's weight; what occurs everywhere weighs 1.
        self._weights = 1.0 + 2.0 / np.log(frequency + 2.0)
        self._number = np.bincount(self._owners, minlength=size)

    def scores(self, symbols: Iterable[int]) -> NDArray[np.float32]:
        """How well each premise fits a goal with these symbols, as indices; 0 shares nothing."""
        relevant = np.zeros(self._size, dtype=bool)
        relevant[[s for s in symbols if 0 <= s < self._size]] = True
        taken = np.zeros(self._size, dtype=np.float32)  # the round, counted down
        first = score = self._fit(relevant)
        passing = _PASS
        for turn in range(_ROUNDS, 0, -1):
            new = (score >= passing) & (taken == 0)
            taken[new] = turn
            if not new.any() or np.count_nonzero(taken) >= _MOST:
                break
            for one in np.flatnonzero(new):
                relevant[self._symbols[self._first[one] : self._first[one + 1]]] = True
            passing += (1.0 - passing) / _CONVERGENCE
            score = self._fit(relevant)
        found: NDArray[np.float32] = taken + first.astype(np.float32)
        return found

    def _fit(self, relevant: NDArray[np.bool_]) -> NDArray[np.float64]:
        """The weight that a premise shares, over that and the number of what it does not share."""
        given = np.flatnonzero(relevant)
        parts = [self._by_symbol[self._starts[one] : self._starts[one + 1]] for one in given]
        owners = np.concatenate([self._owners[:0], *parts])
        weights = np.repeat(self._weights[given], self._starts[given + 1] - self._starts[given])
        weight = np.bincount(owners, weights=weights, minlength=self._size)
        other = self._number - np.bincount(owners, minlength=self._size)
        total = weight + other
        return np.divide(weight, total, out=np.zeros(self._size), where=total > 0)
