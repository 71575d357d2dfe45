"""Library theorems proved again, without premises, with BM25's, and with the best that there is.

The theorems are drawn from the modules that the by-module split measures on, whether they have a
label or not. Each is stated under another name, with its own attributes taken away, and a proof
counts if the judge accepts it and all that its term names may be used where the theorem is: never
itself, nor anything after it. The three ways have the same time, the same tactics and the same
Lean; they differ in which premises the tactics are given. Their order changes from theorem to
theorem.
"""

from __future__ import annotations

import dataclasses
import json
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np

from benchmarks import premises_work as work
from neurosym.premises.again import Again, Choose
from neurosym.premises.corpus import Corpus
from neurosym.premises.graph import Indices
from neurosym.premises.labelling import sample
from neurosym.premises.learn import learn
from neurosym.premises.select import MAX_QUERY, Method, Selector
from provers.lean import toolchain
from provers.lean.pool import ROOMY_MEGABYTES, Pool

THEOREMS = 500
SECONDS = 10.0
_MOST = 32


@dataclass(frozen=True, slots=True)
class Tried:
    """How one way went with one theorem; ``seconds`` of a proof, 0 without one."""

    theorem: str
    way: str
    proved: bool
    seconds: float
    proof: str


def run(data: Path, limit: int | None) -> work.Figures:
    """Prove them in each way."""
    corpus = work.corpus()
    learnt, measured = work.parts(corpus, "module")
    modules = {int(corpus.module_of[corpus.index_of(one.theorem)]) for one in measured}
    every = [i for i in sample(corpus, len(corpus), seed=1) if int(corpus.module_of[i]) in modules]
    drawn = random.Random(0).sample(every, min(limit or THEOREMS, len(every)))
    best = _best(corpus, learnt)
    ways: dict[str, Choose | None] = {
        "no premises": None,
        "bm25": _choose(best, ("bm25",)),
        "best": _choose(best, None),
    }
    pool = Pool(toolchain.ensure(), workers=work.WORKERS, megabytes=ROOMY_MEGABYTES)
    again = Again(corpus, pool)
    lock = Lock()
    kept = work.folder() / "proving.jsonl"
    done = _read(kept)
    known = {(one.theorem, one.way) for one in done}

    def prove_all(at: int) -> None:
        names = list(ways)
        name = corpus.names[drawn[at]]
        for way in names[at % len(names) :] + names[: at % len(names)]:
            if (name, way) in known:
                continue
            found = again.prove(drawn[at], seconds=SECONDS, choose=ways[way])
            one = (
                Tried(name, way, False, 0.0, "")
                if found is None
                else Tried(name, way, found.seconds <= SECONDS, found.seconds, found.proof)
            )
            with lock, kept.open("a", encoding="utf-8") as file:
                done.append(one)
                file.write(json.dumps(dataclasses.asdict(one)) + "\n")
        with lock:
            proved = Counter(one.way for one in done if one.proved)
            print(len(done) // len(ways), name, dict(proved), flush=True)

    try:
        with ThreadPoolExecutor(work.WORKERS) as threads:
            list(threads.map(prove_all, range(len(drawn))))
    finally:
        pool.close()
    order = {name: at for at, name in enumerate(corpus.names[i] for i in drawn)}
    done = [one for one in done if one.theorem in order]
    done.sort(key=lambda one: (order[one.theorem], one.way))
    return _figures(done, list(ways), len(every))


def _read(file: Path) -> list[Tried]:
    """What was tried before the benchmark was cut off; remove the file to begin anew."""
    if not file.is_file():
        return []
    lines = file.read_text(encoding="utf-8").splitlines()
    return [Tried(**json.loads(line)) for line in lines]


def _best(corpus: Corpus, learnt: Sequence[work.Label]) -> Selector:
    """All retrievers and the learned order, which know the labels of other modules alone."""
    made, encoder = work.index(corpus, str(work.trained(corpus, "module", learnt)))
    made = work.with_labels(made, corpus, learnt)
    order = learn(Selector(corpus, made, encoder=encoder), learnt)
    return Selector(corpus, dataclasses.replace(made, reranker=order), encoder=encoder)


def _choose(selector: Selector, methods: tuple[Method, ...] | None) -> Choose:
    def choose(index: int, goal: str, usable: Indices) -> list[str]:
        query = goal[:MAX_QUERY] or selector.corpus[index].statement
        if methods is None:  # as provers are given them
            found = selector.varied(query, _MOST, accessible=usable)
        else:
            found = selector.search(query, _MOST, accessible=usable, methods=methods)
        return [one.premise.name for one in found]

    return choose


def _figures(tried: Sequence[Tried], ways: Sequence[str], every: int) -> work.Figures:
    figures: work.Figures = {
        "theorems": len({one.theorem for one in tried}),
        "drawn_from": every,
        "seconds_each": SECONDS,
        "workers": work.WORKERS,
    }
    for way in ways:
        own = [one for one in tried if one.way == way]
        proved = [one for one in own if one.proved]
        figures[way] = {
            "proved": len(proved),
            "percent": work.percent(len(proved) / max(1, len(own))),
            "median_seconds_proved": round(float(np.median([o.seconds for o in proved] or [0])), 2),
        }
    base = figures[ways[0]]["proved"]
    figures["best_over_none"] = round(figures["best"]["proved"] / max(1, base), 2)
    figures["proofs"] = [
        {"theorem": one.theorem, "way": one.way, "seconds": one.seconds, "proof": one.proof}
        for one in tried
        if one.proved
    ]
    return figures
