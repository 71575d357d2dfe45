"""How well premises are found: recall and reciprocal rank on both splits, by retriever.

Each measured theorem's statement is the query; what counts are the premises that its label names,
among those that it may use. The encoder, the neighbours and the learned order know the other part
of the labels alone.
"""

from __future__ import annotations

import dataclasses
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from benchmarks import premises_work as work
from neurosym.premises.corpus import Corpus
from neurosym.premises.evaluate import Quality, Split, measure
from neurosym.premises.graph import Indices
from neurosym.premises.labels import Label
from neurosym.premises.learn import learn
from neurosym.premises.select import Method, Selector

_QUERIES = 300
_LATENCY_AT = 50_000


def run(data: Path, limit: int | None) -> work.Figures:
    """Quality on both splits, and how long a query takes."""
    corpus = work.corpus()
    figures: work.Figures = {"declarations": len(corpus)}
    for how in get_args(Split):
        learnt, measured = work.parts(corpus, how, limit)
        figures[how] = _split(corpus, how, learnt, measured)
        print(how, figures[how], flush=True)
    figures["latency"] = _latency(corpus)
    return figures


def _split(
    corpus: Corpus, how: Split, learnt: Sequence[Label], measured: Sequence[Label]
) -> work.Figures:
    shelf, encoder = work.index(corpus, "minilm")
    plain = Selector(corpus, shelf, encoder=encoder)
    folder = work.trained(corpus, how, learnt)
    made, own = work.index(corpus, str(folder))
    made = work.with_labels(made, corpus, learnt)
    tuned = Selector(corpus, made, encoder=own)
    order = learn(tuned, learnt)
    ordered = Selector(corpus, dataclasses.replace(made, reranker=order), encoder=own)
    labelled = work.with_labels(shelf, corpus, learnt)
    unshelved = Selector(corpus, labelled, encoder=encoder)
    # What a user has who trained no encoder: the default one, with labels and an order.
    default = Selector(
        corpus, dataclasses.replace(labelled, reranker=learn(unshelved, learnt)), encoder=encoder
    )
    ways: dict[str, tuple[Selector, tuple[Method, ...] | None]] = {
        "bm25": (plain, ("bm25",)),
        "overlap": (plain, ("overlap",)),
        "prior": (plain, ("prior",)),
        "dense, off the shelf": (plain, ("dense",)),
        "fused, off the shelf": (plain, ("bm25", "overlap", "dense", "prior")),
        "neighbours, off the shelf": (unshelved, ("neighbours",)),
        "ordered, off the shelf": (default, None),
        "dense, trained": (tuned, ("dense",)),
        "neighbours": (tuned, ("neighbours",)),
        "fused, trained": (tuned, ("bm25", "overlap", "dense", "prior")),
        "fused, trained, with neighbours": (tuned, None),
        "ordered": (ordered, None),
    }
    found: work.Figures = {
        "learnt": len(learnt),
        "measured": len(measured),
        "random": _written(measure(corpus, measured, _random)),
    }
    for name, (selector, methods) in ways.items():
        found[name] = _written(measure(corpus, measured, _by(selector, methods)))
        print(how, name, found[name], flush=True)
    found["order"] = dict(zip(_names(), map(float, order.weights), strict=True))
    return found


def _names() -> Sequence[str]:
    from neurosym.premises.rerank import FEATURES

    return FEATURES


def _by(
    selector: Selector, methods: tuple[Method, ...] | None
) -> Callable[[int, Indices], NDArray[np.int32]]:
    statements = selector.corpus.column("statement")

    def rank(index: int, accessible: Indices) -> NDArray[np.int32]:
        query = statements[index].as_py()
        found = selector.search(query, 200, accessible=accessible, methods=methods)
        return np.array([one.premise.index for one in found], dtype=np.int32)

    return rank


def _random(index: int, accessible: Indices) -> NDArray[np.int32]:
    return np.random.default_rng(index).permutation(accessible)


def _written(quality: Quality) -> work.Figures:
    return {
        **{f"recall@{cut}": work.percent(share) for cut, share in quality.recall.items()},
        "mrr": work.percent(quality.mrr),
    }


def _latency(corpus: Corpus) -> work.Figures:
    """Of whole searches, in as many premises as the table asks for; goals drawn from all."""
    made, encoder = work.index(corpus, "minilm")
    ordered = dataclasses.replace(
        work.with_labels(made, corpus, work.labels()),
    )
    selector = Selector(corpus, ordered, encoder=encoder)
    selector = Selector(
        corpus,
        dataclasses.replace(ordered, reranker=learn(selector, work.labels(200))),
        encoder=encoder,
    )
    statements = corpus.column("statement")
    drawn = random.Random(0).sample(range(len(corpus)), _QUERIES)
    accessible = np.arange(min(_LATENCY_AT, len(corpus)), dtype=np.int32)
    found: work.Figures = {
        "premises": len(accessible),
        "index_megabytes": round(made.bytes / 1e6, 1),
    }
    for name, chosen in (("all retrievers, ordered", None), ("words alone", ("bm25", "overlap"))):
        times = []
        for at, index in enumerate(drawn):
            begun = time.perf_counter()
            selector.search(statements[index].as_py(), 32, accessible=accessible, methods=chosen)
            if at >= 20:  # what is loaded by the first ones is loaded once
                times.append(time.perf_counter() - begun)
        found[name] = {"p50_ms": work.middle(times, 0.5), "p99_ms": work.middle(times, 0.99)}
    return found
