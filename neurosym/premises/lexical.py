"""BM25 over the words of premises.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009; by
``bm25s``, Lù, "BM25S: Orders of magnitude faster lexical search via eager sparse scoring", 2024.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.base import Premise
from neurosym.premises.tokens import tokens


def text_of(premise: Premise) -> str:
    """What a premise is searched by: its name, its statement and what is said of it."""
    return f"{premise.name} : {premise.statement}\n{premise.doc}"


class Lexical:
    """An index of premises by their words."""

    def __init__(self, index: Any, size: int) -> None:
        self._index = index
        self._size = size

    @classmethod
    def build(cls, premises: Iterable[Premise]) -> Lexical:
        """Index premises; each is found by its place among them."""
        import bm25s

        documents = [tokens(text_of(premise)) or [""] for premise in premises]
        index = bm25s.BM25(method="lucene")
        index.index(documents, show_progress=False)
        return cls(index, len(documents))

    @classmethod
    def open(cls, folder: Path, size: int) -> Lexical:
        """One that was saved, mapped into memory."""
        import bm25s

        return cls(bm25s.BM25.load(folder, mmap=True), size)

    def save(self, folder: Path) -> None:
        self._index.save(folder, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """How well each premise fits a query; 0 shares no word."""
        known = [word for word in tokens(query) if word in self._index.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        found: NDArray[np.float32] = self._index.get_scores(known)
        return found
