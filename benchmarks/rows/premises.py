"""Rows: the corpus, how well premises are found, and what they are worth."""

from __future__ import annotations

from benchmarks.rows.base import Figures, Row, Rows

_SHOWN = {
    "random": "by chance",
    "bm25": "BM25",
    "overlap": "MePo",
    "dense, off the shelf": "MiniLM",
    "dense, trained": "MiniLM trained",
    "fused, trained": "fused",
    "ordered": "re-ranked",
}
_SPLITS = {"random": "random", "module": "by-module"}


def _corpus(figures: Figures) -> list[Row]:
    return [
        (
            f"Premises: corpus of Init and Std, {figures['workers']} workers: theorems, of those "
            "that Lean counts missing; seconds",
            f"{figures['theorems'] + figures['theorems_that_no_proof_names']:,}, "
            f"{figures['theorems_missing']}; {figures['seconds']:.0f} s",
        )
    ]


def _premises(figures: Figures) -> list[Row]:
    rows = []
    for split, called in _SPLITS.items():
        one = figures[split]
        cells = "; ".join(
            f"{name} {one[way]['recall@1']:.0f} / {one[way]['recall@10']:.0f} / "
            f"{one[way]['recall@32']:.0f}, {one[way]['mrr']:.0f}"
            for way, name in _SHOWN.items()
        )
        rows.append(
            (
                f"Premises: {called} split, {one['measured']:,} theorems measured on, "
                f"{one['learnt']:,} learnt from: recall@1 / @10 / @32, MRR in %",
                cells,
            )
        )
    latency = figures["latency"]
    whole = latency["all retrievers, ordered"]
    rows.append(
        (
            f"Premises: a query among {latency['premises']:,}, p50 / p99; index of all "
            f"{figures['declarations']:,}",
            f"{whole['p50_ms']:.1f} / {whole['p99_ms']:.1f} ms; "
            f"{latency['index_megabytes']:.0f} MB",
        )
    )
    return rows


def _proving(figures: Figures) -> list[Row]:
    ways = ("no premises", "bm25", "best")
    return [
        (
            f"Premises: {figures['theorems']} library theorems proved again within "
            f"{figures['seconds_each']:.0f} s: without premises / BM25's / the best",
            " / ".join(str(figures[way]["proved"]) for way in ways)
            + f" ({figures['best_over_none']:.2f} times as many)",
        )
    ]


ROWS: Rows = {
    "premises_corpus": _corpus,
    "premises": _premises,
    "premises_proving": _proving,
}
