"""How well premises are found: recall and mean reciprocal rank over labelled theorems."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Accessible, Indices
from neurosym.premises.labels import Label

Split: TypeAlias = Literal["random", "module"]
CUTS: Final = (1, 10, 32)

Rank: TypeAlias = Callable[[int, Indices], NDArray[np.int32]]
"""The indices of accessible premises for the theorem of an index, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Quality:
    """Means over ``theorems``: ``recall`` by cut, and ``mrr``; each from 0 to 1."""

    theorems: int
    recall: dict[int, float]
    mrr: float


def split(
    labels: Sequence[Label], corpus: Corpus, how: Split, *, held_out: float = 0.25, seed: int = 0
) -> tuple[list[Label], list[Label]]:
    """Labels to learn from, and about ``held_out`` of them to be measured on.

    ``random`` draws theorems. ``module`` draws modules, and of what is learnt from takes away those
    theorems that need a premise of a module that is measured on, so that what those need of their
    own is new (the ``novel_premises`` split of LeanDojo, section 4).
    """
    draw = random.Random(seed)
    if how == "random":
        shuffled = sorted(labels, key=lambda label: label.theorem)
        draw.shuffle(shuffled)
        cut = round(len(shuffled) * held_out)
        return shuffled[cut:], shuffled[:cut]
    of = {label.theorem: _module(corpus, label.theorem) for label in labels}
    modules = sorted(set(of.values()))
    draw.shuffle(modules)
    wanted = len(labels) * held_out
    measured: set[int] = set()
    many = 0
    for module in modules:
        if many >= wanted:
            break
        measured.add(module)
        many += sum(one == module for one in of.values())
    test = [label for label in labels if of[label.theorem] in measured]
    train = [
        label
        for label in labels
        if of[label.theorem] not in measured
        and not any(_module(corpus, premise) in measured for premise in label.premises)
    ]
    return train, test


def _module(corpus: Corpus, name: str) -> int:
    return int(corpus.module_of[corpus.index_of(name)])


def measure(corpus: Corpus, labels: Iterable[Label], rank: Rank) -> Quality:
    """How well a ranking finds what the labels name, among what each theorem may use."""
    accessible = Accessible(corpus)
    recalls: list[list[float]] = []
    firsts: list[float] = []
    for label in labels:
        index = corpus.index_of(label.theorem)
        wanted = {corpus.index_of(name) for name in label.premises}
        ranked = rank(index, accessible.of(label.theorem))
        hits = np.isin(ranked, list(wanted))
        recalls.append([float(hits[:cut].sum()) / len(wanted) for cut in CUTS])
        first = int(np.argmax(hits)) if hits.any() else None
        firsts.append(0.0 if first is None else 1.0 / (first + 1))
    means = np.mean(recalls, axis=0) if recalls else np.zeros(len(CUTS))
    return Quality(
        len(recalls),
        {cut: float(mean) for cut, mean in zip(CUTS, means, strict=True)},
        float(np.mean(firsts)) if firsts else 0.0,
    )
