"""How labels are split, and how well a ranking finds what they name."""

from __future__ import annotations

import numpy as np
import pytest

from neurosym.premises.corpus import Corpus
from neurosym.premises.evaluate import Quality, measure, split
from neurosym.premises.graph import Accessible, Indices
from neurosym.premises.labels import Label

NEEDED = {
    "add_zero": "add",
    "zero_add": "add_zero",
    "side": "add_zero",
    "double_zero": "add_zero",
    "last": "double_zero side",
    "later": "last",
    "top": "double_zero last",
    "top2": "top",
}
LABELS = [Label(name, "by simp", tuple(needed.split())) for name, needed in NEEDED.items()]
SEEDS = range(8)


def names(labels: list[Label]) -> set[str]:
    return {label.theorem for label in labels}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("held_out", "many"), [(0.0, 0), (0.25, 2), (0.5, 4), (1.0, 8)])
def test_a_random_split_is_disjoint_and_loses_nothing(
    corpus: Corpus, seed: int, held_out: float, many: int
) -> None:
    train, test = split(LABELS, corpus, "random", held_out=held_out, seed=seed)
    assert len(test) == many
    assert sorted(train + test, key=LABELS.index) == LABELS


@pytest.mark.parametrize("how", ["random", "module"])
def test_the_same_split_again_and_another_of_another_seed(corpus: Corpus, how: str) -> None:
    def measured(seed: int, labels: list[Label] = LABELS) -> set[str]:
        return names(split(labels, corpus, how, seed=seed)[1])  # type: ignore[arg-type]

    assert [measured(seed) for seed in SEEDS] == [measured(seed) for seed in SEEDS]
    assert measured(3) == measured(3, LABELS[::-1])
    assert len({frozenset(measured(seed)) for seed in SEEDS}) > 1


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_learnt_from_has_nothing_of_a_measured_module(corpus: Corpus, seed: int) -> None:
    train, test = split(LABELS, corpus, "module", seed=seed)

    def module(name: str) -> str:
        return corpus[corpus.index_of(name)].module

    measured = {module(label.theorem) for label in test}
    assert names(test) == {name for name in NEEDED if module(name) in measured}
    assert len(test) >= 2
    known = {module(one) for label in train for one in (label.theorem, *label.premises)}
    assert not known & measured
    # Whatever is in neither needs a premise of a module that is measured on.
    for label in LABELS:
        spoilt = any(module(one) in measured for one in (label.theorem, *label.premises))
        assert (label in train) != spoilt


def test_some_theorems_are_taken_away_for_what_they_need(corpus: Corpus) -> None:
    taken = [
        set(NEEDED) - names(train) - names(test)
        for train, test in (split(LABELS, corpus, "module", seed=seed) for seed in SEEDS)
    ]
    assert any(taken)


RANKED = {
    "last": "double_zero N add side zero_add",  # 1st and 4th: half of them, then all
    "top": "N add double_zero",  # 3rd, and the other nowhere
    "zero_add": "N add",  # nowhere
    "top2": "N N.zero add add_zero zero_add double double.eq double_zero last later top",  # 11th
}


def test_recall_and_reciprocal_ranks_by_hand(corpus: Corpus) -> None:
    asked: dict[str, list[int]] = {}

    def rank(index: int, usable: Indices) -> Indices:
        name = corpus.names[index]
        asked[name] = usable.tolist()
        return np.array([corpus.index_of(one) for one in RANKED[name].split()], dtype=np.int32)

    labels = [label for label in LABELS if label.theorem in RANKED]
    found = measure(corpus, labels, rank)
    assert found.theorems == 4
    assert found.recall == pytest.approx({1: 0.5 / 4, 10: 1.5 / 4, 32: 2.5 / 4})
    assert found.mrr == pytest.approx((1 + 1 / 3 + 0 + 1 / 11) / 4)
    accessible = Accessible(corpus)
    assert asked == {name: accessible.of(name).tolist() for name in RANKED}


def test_without_labels_nothing_is_found(corpus: Corpus) -> None:
    assert measure(corpus, [], lambda index, usable: usable) == Quality(
        0, {1: 0.0, 10: 0.0, 32: 0.0}, 0.0
    )
