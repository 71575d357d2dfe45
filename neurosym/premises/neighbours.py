"""Premises that helped with theorems like the goal.

Kühlwein et al., "MaSh: machine learning for Sledgehammer", ITP 2013, section 3.2: the nearest
labelled theorems vote for what they were proved with, the nearer the more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.corpus import Corpus
from neurosym.premises.labels import Label

_NEAREST: Final = 48


class Neighbours:
    """Labelled theorems of a corpus; labels of theorems or premises that it lacks are left out."""

    def __init__(self, corpus: Corpus, labels: Iterable[Label]) -> None:
        self._size = len(corpus)
        theorems: list[int] = []
        self._premises: list[NDArray[np.int64]] = []
        for label in labels:
            theorem = corpus.find(label.theorem)
            premises = [i for i in map(corpus.find, label.premises) if i is not None]
            if theorem is not None and premises:
                theorems.append(theorem)
                self._premises.append(np.array(premises))
        self._theorems = np.array(theorems, dtype=np.int64)
        named = np.concatenate(self._premises) if self._premises else np.zeros(0, np.int64)
        self._counts: NDArray[np.int64] = np.bincount(named, minlength=self._size)
        # What helps everywhere says little: the weight is that of words in documents.
        self._weights = np.log((1 + len(theorems)) / (1 + self._counts)) + 0.2

    def __len__(self) -> int:
        return len(self._theorems)

    def counts(self, leave_out: int | None = None) -> NDArray[np.int64]:
        """How many labels each declaration is in, but for that of one theorem."""
        if leave_out is None:
            return self._counts
        counts = self._counts.copy()
        for which in np.flatnonzero(self._theorems == leave_out):
            counts[self._premises[which]] -= 1
        return counts

    def scores(
        self, likeness: NDArray[np.float32], leave_out: int | None = None
    ) -> NDArray[np.float32]:
        """How strongly each declaration is voted for; ``likeness`` is that of each declaration's
        statement with the goal, 0 or less for none. The theorem ``leave_out`` has no vote.
        """
        votes = np.zeros(self._size, dtype=np.float32)
        like = likeness[self._theorems]
        if leave_out is not None:
            like = np.where(self._theorems == leave_out, np.float32(0), like)
        nearest = np.argsort(-like, kind="stable")[:_NEAREST]
        nearest = nearest[like[nearest] > 0]
        if not len(nearest):
            return votes
        # Relative to the nearest, so that scores of any scale serve.
        strength = (like[nearest] / like[nearest[0]]) ** 4
        for which, vote in zip(nearest, strength, strict=True):
            votes[self._premises[which]] += np.float32(vote)
        votes *= self._weights.astype(np.float32)
        return votes
