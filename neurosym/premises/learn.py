"""Learning the order of the first premises from labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from neurosym.premises.graph import Accessible
from neurosym.premises.labels import Label
from neurosym.premises.rerank import Reranker, train
from neurosym.premises.select import Selector
from provers.errors import InputError


def learn(
    selector: Selector, labels: Sequence[Label], tell: Callable[[int, int], None] | None = None
) -> Reranker:
    """The order in which those premises come first that theorems like these needed.

    Each theorem is searched for as if its own label were not known. Raises InputError where no
    search finds any of what the labels name.
    """
    corpus = selector.corpus
    accessible = Accessible(corpus)
    rows, wanted = [], []
    for done, label in enumerate(labels, 1):
        index = corpus.find(label.theorem)
        if index is None:
            continue
        statement = corpus.column("statement")[index].as_py()
        found, known = selector.features(
            statement, accessible=accessible.of(label.theorem), leave_out=index
        )
        needed = np.isin(found, [i for i in map(corpus.find, label.premises) if i is not None])
        if needed.any():
            rows.append(known)
            wanted.append(needed)
        if tell is not None:
            tell(done, len(labels))
    if not rows:
        raise InputError("nothing can be learnt from these labels: no search finds their premises.")
    return train(rows, wanted)
