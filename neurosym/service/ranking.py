"""Premises ranked by the words that they share with a goal (BM25)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from provers.errors import MissingToolError

# Words, the parts of names like Nat.addComm and add_comm, numbers, and single symbols.
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_A-Za-z]+|[^\w\s]")


def tokens(text: str) -> list[str]:
    """What of a text counts, in lower case."""
    return [token.lower() for token in _TOKEN.findall(text)]


def rank(goal: str, candidates: Sequence[str], k: int) -> list[dict[str, Any]]:
    """The ``k`` best candidates: their ``index``, ``text`` and ``score``; ties in their order.

    Raises MissingToolError where bm25s is not installed.
    """
    try:
        import bm25s
    except ImportError as error:
        raise MissingToolError(
            "ranking premises needs bm25s: pip install 'neurosym[service]'."
        ) from error
    corpus = [tokens(text) for text in candidates]
    asked = tokens(goal)
    if not any(corpus) or not asked:
        scores = [0.0] * len(candidates)
    else:
        index = bm25s.BM25()
        index.index(corpus, show_progress=False)
        scores = [float(score) for score in index.get_scores(asked)]
    order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    return [{"index": i, "text": candidates[i], "score": round(scores[i], 6)} for i in order[:k]]
