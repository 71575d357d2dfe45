"""The votes of theorems that are like the goal."""

from __future__ import annotations

import math

import numpy as np
import pytest

from neurosym.premises.corpus import Corpus
from neurosym.premises.labels import Label
from neurosym.premises.neighbours import Neighbours

LABELS = [
    Label("double_zero", "by simp", ("add_zero",)),
    Label("last", "by grind", ("double_zero", "add_zero")),
]
# Of add_zero, which both labels name, and of double_zero, which one does.
COMMON, RARE = math.log(3 / 3) + 0.2, math.log(3 / 2) + 0.2


def likeness(corpus: Corpus, **like: float) -> np.ndarray:
    found = np.zeros(len(corpus), dtype=np.float32)
    for name, value in like.items():
        found[corpus.index_of(name)] = value
    return found


def votes(corpus: Corpus, scores: np.ndarray) -> dict[str, float]:
    return {corpus.names[i]: float(scores[i]) for i in np.flatnonzero(scores)}


def test_the_nearest_vote_the_strongest(corpus: Corpus) -> None:
    like = likeness(corpus, double_zero=0.8, last=0.4)
    found = votes(corpus, Neighbours(corpus, LABELS).scores(like))
    fainter = 0.5**4
    wanted = {"add_zero": (1 + fainter) * COMMON, "double_zero": fainter * RARE}
    assert found == pytest.approx(wanted)


def test_votes_are_of_likeness_alone_and_not_of_its_scale(corpus: Corpus) -> None:
    neighbours = Neighbours(corpus, LABELS)
    like = likeness(corpus, double_zero=0.2, last=0.3)
    assert neighbours.scores(like) == pytest.approx(neighbours.scores(100 * like))


def test_a_theorem_has_no_vote_on_itself(corpus: Corpus) -> None:
    neighbours = Neighbours(corpus, LABELS)
    like = likeness(corpus, double_zero=0.8, last=0.4)
    found = votes(corpus, neighbours.scores(like, corpus.index_of("double_zero")))
    assert found == pytest.approx({"add_zero": COMMON, "double_zero": RARE})
    assert like[corpus.index_of("double_zero")] == np.float32(0.8)


@pytest.mark.parametrize("like", [{}, {"last": -0.5}, {"top": 1.0}])
def test_what_is_like_no_labelled_theorem_gets_no_votes(
    corpus: Corpus, like: dict[str, float]
) -> None:
    assert not Neighbours(corpus, LABELS).scores(likeness(corpus, **like)).any()


def test_without_labels_there_are_no_votes(corpus: Corpus) -> None:
    nobody = Neighbours(corpus, [])
    assert len(nobody) == 0 and not nobody
    assert not nobody.scores(likeness(corpus, last=1.0)).any()
    assert not nobody.counts().any()


def test_what_the_corpus_lacks_is_left_out(corpus: Corpus) -> None:
    more = [
        Label("nobody", "rfl", ("add_zero",)),
        Label("top", "rfl", ("no_premise",)),
        Label("top2", "rfl", ("gone", "double_zero")),
    ]
    neighbours = Neighbours(corpus, more)
    assert len(neighbours) == 1
    found = votes(corpus, neighbours.scores(likeness(corpus, top2=1.0, top=1.0)))
    assert list(found) == ["double_zero"]


def test_counts_say_how_many_labels_name_a_premise(corpus: Corpus) -> None:
    neighbours = Neighbours(corpus, LABELS)
    assert votes(corpus, neighbours.counts()) == {"add_zero": 2, "double_zero": 1}
    without = neighbours.counts(corpus.index_of("last"))
    assert votes(corpus, without) == {"add_zero": 1}
    assert votes(corpus, neighbours.counts()) == {"add_zero": 2, "double_zero": 1}
    assert neighbours.counts(corpus.index_of("top")).tolist() == neighbours.counts().tolist()
