"""Examples by mutation: whether another prover agrees with their labels, and whether any of them is
in a benchmark.

Theories with their mutants and corruptions, and the steps of GSM8K's training problems with other
numbers, all labelled by Z3; cvc5 is asked for every label again and its evidence is checked. Then
they are exported, and looked for in the test sets here.
"""

from __future__ import annotations

import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from neurosym.augment import logic, numeric
from neurosym.augment.base import Example
from neurosym.augment.export.assemble import Plan, export
from neurosym.augment.export.benchmarks import benchmark_of
from neurosym.augment.export.contamination import Benchmark, decontaminate
from neurosym.augment.recheck import Refused, recheck
from provers import registry
from provers.base import Limits, Prover

EXAMPLES: Final = 5_000
_THEORIES: Final = 260
_PROBLEMS: Final = 300
_LIMITS: Final = Limits(20.0)
_GSM8K: Final = "bench/gsm8k_train_1000.jsonl"
_TEST_SETS: Final = (
    "proofwriter",
    "prontoqa",
    "folio_train",
    "folio_v2_train",
    "logicbench_bqa",
    "multilogieval",
    "gsm8k_test_solutions",
    "math500",
    "logicaldeduction",
    "arlsat",
)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Make them, ask again, export and compare."""
    wanted = limit or EXAMPLES
    dropped: Counter[str] = Counter()
    z3 = registry.load("z3")
    begun = time.monotonic()
    try:
        theories = list(_theories(z3, min(_THEORIES, wanted), dropped))
        problems: Counter[str] = Counter()
        steps = list(_steps(z3, data, min(_PROBLEMS, wanted), dropped, problems))
    finally:
        z3.close()
    making = time.monotonic() - begun
    made = list({one.id: one for one in (*theories, *steps)}.values())
    drawn = random.Random(0).sample(made, min(wanted, len(made)))
    refused: list[Refused] = []
    cvc5 = registry.load("cvc5")
    begun = time.monotonic()
    try:
        agreed = list(recheck(drawn, cvc5, _LIMITS, labelled_by="z3", refused=refused))
    finally:
        cvc5.close()
    checking = time.monotonic() - begun
    benchmarks = [_test_set(data, name) for name in _TEST_SETS]
    with tempfile.TemporaryDirectory() as name:
        written = export(
            Path(name) / "data",
            agreed,
            name="augment",
            license="as the project's",
            how="Made by the benchmark augment.",
            plan=Plan(arrow=False),
            benchmarks=benchmarks,
            refused=refused,
        )
    clean = decontaminate([one.example for one in agreed], [], benchmarks)
    kinds = Counter(one.kind for one in drawn)
    return {
        "made": len(made),
        "theories": len(theories),
        "steps": len(steps),
        "problems": dict(problems.most_common()),
        "made_per_second": round(len(made) / making, 1),
        "examples": len(drawn),
        "labels": dict(Counter(str(one.label) for one in drawn).most_common()),
        "kinds": dict(kinds.most_common()),
        "left_out_when_made": dict(dropped.most_common()),
        "agreed": len(agreed),
        "label_errors": sum(one.kind == "disagrees" for one in refused),
        "not_decided_again": dict(Counter(one.kind for one in refused).most_common()),
        "how_checked": dict(Counter(one.how for one in agreed).most_common()),
        "rechecked_per_second": round(len(drawn) / checking, 1),
        "exported": written.examples,
        "rows": {name: sum(sides.values()) for name, sides in written.rows.items()},
        "test_sets": {one.benchmark: one.compared for one in clean.overlaps},
        "found_before_export": {
            one.benchmark: len(one.found) for one in clean.overlaps if one.found
        },
        "in_what_was_exported": _left(clean.examples, benchmarks),
    }


def _left(examples: tuple[Example, ...], benchmarks: list[Benchmark]) -> int:
    """How many of those that stayed are in a test set."""
    again = decontaminate(examples, [], benchmarks)
    return sum(len(one.found) for one in again.overlaps)


def _theories(prover: Prover, number: int, dropped: Counter[str]) -> Iterator[Example]:
    for one in logic.theories(number, seed=0, prover=prover, dropped=dropped):
        yield one
        yield from logic.mutations(one, seed=0, prover=prover, dropped=dropped)
        yield from logic.corruptions(one, seed=0, prover=prover, dropped=dropped)


def _steps(
    prover: Prover, data: Path, number: int, dropped: Counter[str], problems: Counter[str]
) -> Iterator[Example]:
    with (data / _GSM8K).open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines][:number]
    for record in records:
        problem = numeric.WordProblem(record["id"], record["question"], record["answer"])
        found = numeric.template(problem, prover)
        if isinstance(found, numeric.Refusal):
            problems[found.reason] += 1
            continue
        problems["template"] += 1
        new = numeric.instances(found, 1, seed=0, prover=prover)
        dropped.update(new.dropped)
        for one in new.kept:
            yield from numeric.examples(one, prover)
            wrong = numeric.corruptions(one, seed=0, prover=prover)
            dropped.update(wrong.dropped)
            yield from wrong.examples


def _test_set(data: Path, name: str) -> Benchmark:
    return benchmark_of(f"{name}={data / 'bench' / name}.jsonl")
