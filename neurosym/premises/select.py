"""Which premises of a corpus a goal needs: the retrievers' rankings, joined."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.brief import brief, stated
from neurosym.premises.corpus import Corpus
from neurosym.premises.dense import Encoder, likeness
from neurosym.premises.found import Found
from neurosym.premises.fusion import fuse, ranks
from neurosym.premises.graph import Indices
from neurosym.premises.index import Index
from neurosym.premises.overlap import Overlap
from neurosym.premises.rerank import FIRST, Features, features
from neurosym.premises.symbols import symbols_of
from provers.errors import InputError, MissingToolError

Method: TypeAlias = Literal["bm25", "overlap", "dense", "neighbours", "prior"]
METHODS: Final[tuple[Method, ...]] = get_args(Method)
MAX_QUERY: Final = 65_536
# The prior says what is often used, whatever the goal: it breaks ties.
_WEIGHTS: Final[dict[Method, float]] = {
    "bm25": 1.0,
    "overlap": 1.0,
    "dense": 1.0,
    "neighbours": 1.0,
    "prior": 0.1,
}

Scores: TypeAlias = NDArray[np.float32]
Ranking: TypeAlias = NDArray[np.int32]


class Selector:
    """Searches in one corpus. ``notes`` say what it goes without, and why."""

    def __init__(self, corpus: Corpus, index: Index, *, encoder: Encoder | None = None) -> None:
        """``encoder`` is the one that the index was made with; default: by its name."""
        self.corpus = corpus
        self.notes: tuple[str, ...] = ()
        self._index = index
        self._encoder = encoder
        if index.embeddings is None:
            self.notes = ("the index was made without an encoder, so the search is by words only",)
        elif encoder is None:
            try:
                self._encoder = Encoder(index.manifest.encoder or "")
            except (InputError, MissingToolError) as error:
                self.notes = (f"the search is by words only: {error}",)

    @property
    def methods(self) -> tuple[Method, ...]:
        """The retrievers that there are."""
        missing: set[Method] = set()
        if self._encoder is None or self._index.embeddings is None:
            missing.add("dense")
        if not self._index.neighbours:
            missing.add("neighbours")
        return tuple(one for one in METHODS if one not in missing)

    def search(
        self,
        query: str,
        k: int = 32,
        *,
        accessible: Indices | None = None,
        symbols: Iterable[int] | None = None,
        methods: Sequence[Method] | None = None,
    ) -> list[Found]:
        """The ``k`` premises that fit a goal or an English description best, the best first.

        ``accessible`` are the indices to choose from, all without it; ``symbols`` those of the
        declarations in the goal, which are told from its text otherwise. The learned order is
        that of all retrievers together: with ``methods`` named, theirs are fused alone.

        Raises InputError for an empty query, one of more than 65,536 characters, and ``k`` below
        1; MissingToolError where the encoder cannot be loaded.
        """
        if k < 1:
            raise InputError("a search is for at least one premise.")
        named = tuple(symbols_of(self.corpus, query) if symbols is None else symbols)
        rankings = self.rankings(query, accessible=accessible, symbols=named, methods=methods)
        chosen = np.arange(len(self.corpus), dtype=np.int32) if accessible is None else accessible
        scores = fuse(list(rankings.values()), [_WEIGHTS[one] for one in rankings])
        reranker = self._index.reranker if methods is None else None
        first = _best(scores, k if reranker is None else max(k, FIRST))
        if reranker is not None:
            rows = self._features(first, chosen, rankings, named)
            learned = reranker.scores(rows)
            first = first[np.lexsort((first, -learned))]
            scores = scores.copy()
            scores[first] = np.sort(learned)[::-1]
        return [
            Found(
                self.corpus[int(chosen[i])],
                float(scores[i]),
                {name: int(ranking[i]) for name, ranking in rankings.items()},
            )
            for i in first[:k]
        ]

    def varied(self, query: str, k: int = 32, *, accessible: Indices | None = None) -> list[Found]:
        """As ``search``, with every third premise the next by words alone: for provers, which try
        several, so that what one order overlooks is in the other. Raises what ``search`` raises.
        """
        learned = iter(self.search(query, k, accessible=accessible))
        words = iter(self.search(query, k, accessible=accessible, methods=("bm25",)))
        found: dict[int, Found] = {}
        for source in itertools.cycle((learned, learned, words)):
            fresh = (one for one in source if one.premise.index not in found)
            one = next(fresh, None) or next(
                (other for other in learned if other.premise.index not in found), None
            )
            if one is None or len(found) == k:
                return list(found.values())
            found[one.premise.index] = one
        return list(found.values())

    def features(
        self, query: str, *, accessible: Indices | None = None, leave_out: int | None = None
    ) -> tuple[Indices, Features]:
        """The indices of the premises that a learned order would be of, and what it goes by.

        The label of the theorem ``leave_out`` is not known then.
        """
        named = tuple(symbols_of(self.corpus, query))
        rankings = self.rankings(query, accessible=accessible, symbols=named, leave_out=leave_out)
        chosen = np.arange(len(self.corpus), dtype=np.int32) if accessible is None else accessible
        scores = fuse(list(rankings.values()), [_WEIGHTS[one] for one in rankings])
        first = _best(scores, FIRST)
        return chosen[first], self._features(first, chosen, rankings, named, leave_out)

    def _features(
        self,
        first: NDArray[np.int64],
        chosen: Indices,
        rankings: dict[Method, Ranking],
        symbols: Sequence[int],
        leave_out: int | None = None,
    ) -> Features:
        neighbours = self._index.neighbours
        return features(
            self.corpus,
            chosen[first],
            {name: ranking[first] for name, ranking in rankings.items()},
            symbols=symbols,
            counts=None if neighbours is None else neighbours.counts(leave_out),
        )

    def rankings(
        self,
        query: str,
        *,
        accessible: Indices | None = None,
        symbols: Iterable[int] | None = None,
        methods: Sequence[Method] | None = None,
        leave_out: int | None = None,
    ) -> dict[Method, Ranking]:
        """The places, from 1, that each retriever gives to what is accessible. Raises as above."""
        if not query.strip():
            raise InputError("the query is empty: give a goal, or describe a premise.")
        if len(query) > MAX_QUERY:
            raise InputError(
                f"the query has {len(query):,} characters, and at most {MAX_QUERY:,} are searched "
                "by: give the goal alone."
            )
        found: dict[Method, Ranking] = {}
        asked = stated(query)
        for method, scores in self._scores(methods or self.methods, asked, symbols, leave_out):
            found[method] = ranks(scores if accessible is None else scores[accessible])
        return found

    def _scores(
        self,
        methods: Sequence[Method],
        query: str,
        symbols: Iterable[int] | None,
        leave_out: int | None,
    ) -> Iterator[tuple[Method, Scores]]:
        words = None
        near = None
        for method in methods:
            match method:
                case "bm25":
                    words = self._index.lexical.scores(query)
                    yield method, words
                case "overlap":
                    named = symbols_of(self.corpus, query) if symbols is None else symbols
                    yield method, self._overlap.scores(named)
                case "dense":
                    near = self._near(query)
                    yield method, near
                case "neighbours":
                    if self._index.neighbours is None:
                        raise MissingToolError("the index was made without labels.")
                    like = near if near is not None else words
                    if like is None:
                        like = self._index.lexical.scores(query)
                    yield method, self._index.neighbours.scores(like, leave_out)
                case "prior":
                    yield method, self._index.prior

    def _near(self, query: str) -> Scores:
        if self._encoder is None or self._index.embeddings is None:
            raise MissingToolError("there is no encoder for this index.")
        return likeness(self._index.embeddings, self._encoder.goal(brief(query)))

    @functools.cached_property
    def _overlap(self) -> Overlap:
        return Overlap(self.corpus)


def _best(scores: Scores, number: int) -> NDArray[np.int64]:
    """The places of the highest scores, the highest first; the earlier first among equals."""
    number = min(number, len(scores))
    if not number:
        return np.zeros(0, dtype=np.int64)
    best = np.argpartition(-scores, number - 1)[:number]
    return best[np.lexsort((best, -scores[best]))]
