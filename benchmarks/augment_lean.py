"""Mutants of library theorems: how many, how fast, whether an independent run accepts them, and
what trying every lemma would have found.

Seeds are drawn from the theorems of Init and Std. Their mutants are made by two Leans, whose
processor time counts, and judged once more by another that knows nothing of the first run. A few
seeds are then mutated the naive way: each equation of the library is tried in both directions, with
the same steps after that.
"""

from __future__ import annotations

import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks import premises_work as work
from neurosym.augment.lean.candidates import Most
from neurosym.augment.lean.files import grow_into
from neurosym.augment.lean.harvest import Grown, Harvest
from neurosym.augment.lean.mutants import Mutant, normal
from neurosym.augment.lean.sides import Invocable
from neurosym.augment.lean.sources import corpus_seeds
from neurosym.premises.corpus import Corpus
from provers.base import LeanProblem, Limits, Outcome
from provers.lean import toolchain
from provers.lean.judge import judge
from provers.lean.pool import ROOMY_MEGABYTES, Pool

SEEDS: Final = 300
_NAIVE: Final = 5  # seeds for which every lemma is tried
_READ: Final = 50  # mutants that are read by hand
_LIMITS: Final = Limits(120.0)


def run(data: Path, limit: int | None) -> work.Figures:
    """Grow, judge again, and compare."""
    corpus = work.corpus()
    number = limit or SEEDS
    grown, fresh, seconds, cpu = _grow(corpus, number)
    mutants = [one for each in grown for one in each.mutants]
    counts = [len(one.mutants) for one in grown]
    dropped: Counter[str] = Counter()
    for one in grown:
        dropped.update(one.dropped)
    begun = time.monotonic()
    invalid = _invalid(mutants)
    drawn = random.Random(0).sample(mutants, min(_READ, len(mutants)))
    return {
        "seeds": len(grown),
        "mutants": len(mutants),
        "per_seed": round(len(mutants) / max(1, len(grown)), 2),
        "median_per_seed": float(np.median(counts)),
        "seeds_with_ten": sum(count >= 10 for count in counts),
        "seeds_without": sum(count == 0 for count in counts),
        "kinds": dict(Counter(one.kind for one in mutants).most_common()),
        "tried": sum(one.tried for one in grown),
        "fit": sum(one.fit for one in grown),
        "dropped": dict(dropped.most_common()),
        "errors": dict(Counter(one.error for one in grown if one.error)),
        "timed": {
            "mutants": fresh,
            "seconds": round(seconds, 1),
            "cpu_hours": round(cpu / 3600, 3),
            "per_cpu_hour": round(fresh / (cpu / 3600)),
        },
        "invalid": len(invalid),
        "rejudging_seconds": round(time.monotonic() - begun, 1),
        "naive": _naive(corpus, min(_NAIVE, number)),
        "sample": [
            {"seed": m.lineage.seed, "kind": m.kind, "lemma": m.lemma, "statement": m.statement}
            for m in drawn
        ],
    }


def _grow(corpus: Corpus, number: int) -> tuple[list[Grown], int, float, float]:
    """What the seeds gave; how many mutants were made now, in what time and processor time.

    A run that was cut off goes on: remove its file to begin anew.
    """
    fresh = 0

    def tell(one: Grown, at: int, of: int) -> None:
        nonlocal fresh
        fresh += len(one.mutants)
        print(f"{at}/{of}", one.seed.name, len(one.mutants), one.seconds, flush=True)

    begun, before = time.monotonic(), _cpu()
    pool = Pool(toolchain.ensure(), workers=work.WORKERS, megabytes=ROOMY_MEGABYTES)
    try:
        harvest = Harvest(corpus, pool)
        found = grow_into(
            work.folder() / f"mutants-{number}.jsonl",
            corpus_seeds(corpus, number),
            lambda seeds, there: harvest.grow(seeds, there, workers=work.WORKERS),
            tell,
        )
    finally:
        pool.close()  # whose processes' time counts when they have ended
    return found, fresh, time.monotonic() - begun, _cpu() - before


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _invalid(mutants: Sequence[Mutant]) -> list[str]:
    """The names of those that another Lean does not accept."""
    pool = Pool(toolchain.ensure(), workers=work.WORKERS, megabytes=ROOMY_MEGABYTES)

    def refused(one: Mutant) -> bool:
        return judge(pool, LeanProblem(one.code), _LIMITS).outcome is not Outcome.PROVED

    try:
        with ThreadPoolExecutor(work.WORKERS) as threads:
            answers = threads.map(refused, mutants)
            return [one.name for one, bad in zip(mutants, answers, strict=True) if bad]
    finally:
        pool.close()


class _Everything(Invocable):
    """Every equation and equivalence, whatever a theorem is about."""

    def rewrites(self, constants: frozenset[int], most: int) -> Iterator[tuple[str, bool]]:
        every = frozenset(range(len(self.corpus)))
        return super().rewrites(every, 2 * len(self.corpus))


def _naive(corpus: Corpus, number: int) -> work.Figures:
    """What rewriting finds with the index, and with every lemma."""
    seeds = corpus_seeds(corpus, number, seed=1)
    found: list[set[str]] = []
    taken: list[float] = []
    tried: list[int] = []
    pool = Pool(toolchain.ensure(), workers=1, megabytes=ROOMY_MEGABYTES)
    try:
        ways = (Invocable(corpus), _Everything(corpus))
        for invocable in ways:
            harvest = Harvest(corpus, pool, Most(kinds=("rewrite",)), invocable=invocable)
            grown = list(harvest.grow(seeds))
            found.append({normal(one.statement) for each in grown for one in each.mutants})
            taken.append(sum(one.seconds for one in grown))
            tried.append(sum(one.tried for one in grown))
            print("naive", tried[-1], len(found[-1]), taken[-1], flush=True)
    finally:
        pool.close()
    return {
        "seeds": number,
        "tried": tried[0],
        "tried_naively": tried[1],
        "mutants": len(found[0]),
        "mutants_naively": len(found[1]),
        "found_percent": work.percent(len(found[0] & found[1]) / max(1, len(found[1]))),
        "time_percent": work.percent(taken[0] / max(1e-9, taken[1])),
    }
