"""Certificates: what Z3 decides of the real data, stated in Lean and proved there.

Every distinct obligation is certified once, within ``SECONDS``. Arithmetic is counted by steps
too: a step is certified if Lean proves all that its verdict rests on. ``opposite`` says whether
the two ever contradict each other: on a fixed share of the obligations Lean is asked for the
contrary of what Z3 answered, and for what Z3 says is open for either side; it must prove none.
"""

from __future__ import annotations

import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import gsm8k_steps, linc, prontoqa, proofwriter
from neurosym.translate.base import Status
from neurosym.verify import forward
from provers.base import LeanProof, Limits, Outcome, Problem, Refutation, Result
from provers.errors import InputError
from provers.lean import toolchain
from provers.lean.base import INIT, Checker
from provers.lean.certificates import certify
from provers.lean.pool import Pool, default_workers
from provers.problems import read_problem
from provers.z3 import Z3Prover

SECONDS = 10.0
WORKERS = 2
STRIDE = 20  # every so many obligations, the opposite is tried too
DECIDED = (Outcome.PROVED, Outcome.REFUTED, Outcome.INCONSISTENT)
_PROOF = re.compile(r":= by\n(.*)\Z", re.DOTALL)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All data sets; sets Lean up where it is not there yet."""
    prover = Z3Prover()
    workers = min(WORKERS, default_workers())
    checker = Pool(toolchain.ensure(), workers=workers)
    try:
        checker.ask(
            INIT, {"op": "check", "code": ""}, Limits(60.0)
        )  # Lean is up before the clock runs
        version = checker.version()
        figures: dict[str, Any] = {
            "lean": f"{version.version} ({version.toolchain})",
            "workers": workers,
            "seconds_per_obligation": SECONDS,
        }
        steps = list(_gsm8k(data, limit))
        results = _decide((p for step in steps for p in step), prover)
        figures["gsm8k"], proofs = _certified(results, checker, workers)
        figures["gsm8k"] |= _by_step(steps, results, proofs)
        for name, problems in (
            ("prontoqa", _prontoqa(data, limit)),
            ("proofwriter", _proofwriter(data, limit)),
            ("linc", _linc(data, limit)),
        ):
            figures[name], _ = _certified(_decide(problems, prover), checker, workers)
    finally:
        prover.close()
        checker.close()
    return figures


def _decide(problems: Iterable[Problem], prover: Z3Prover) -> dict[Problem, Result]:
    found: dict[Problem, Result] = {}
    for problem in problems:
        if problem not in found:
            found[problem] = prover.prove(problem, Limits(SECONDS))
    return found


def _certified(
    results: dict[Problem, Result], checker: Checker, workers: int
) -> tuple[dict[str, Any], dict[Problem, LeanProof]]:
    """How the decided ones fared, and their proofs."""
    decided = [(p, r) for p, r in results.items() if r.outcome in DECIDED]
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as threads:
        answers = list(threads.map(lambda item: _timed(checker, *item), decided))
    seconds = time.perf_counter() - start
    proofs = {
        problem: found
        for (problem, _), (found, _) in zip(decided, answers, strict=True)
        if isinstance(found, LeanProof)
    }
    times = sorted(spent for _, spent in answers) or [0.0]
    missing = Counter(found for found, _ in answers if isinstance(found, str))
    outcomes = Counter(str(result.outcome) for _, result in decided)
    figures = {
        "decided": len(decided),
        "outcomes": dict(sorted(outcomes.items())),
        "certified": len(proofs),
        "share": len(proofs) / max(1, len(decided)),
        "uncertified": dict(missing),
        "proved_by": dict(Counter(_tactic(proof) for proof in proofs.values())),
        "median_milliseconds": round(1000 * statistics.median(times), 1),
        "p99_milliseconds": round(1000 * times[len(times) * 99 // 100], 1),
        "seconds": round(seconds, 1),
        "opposite": _opposite(results, checker, workers),
    }
    return figures, proofs


def _timed(checker: Checker, problem: Problem, result: Result) -> tuple[LeanProof | str, float]:
    start = time.perf_counter()
    found = certify(checker, problem, result, Limits(SECONDS))
    spent = time.perf_counter() - start
    return (found if isinstance(found, LeanProof) else found.reason), spent


def _tactic(proof: LeanProof) -> str:
    """The closing tactic, and whether it was given instances."""
    found = _PROOF.search(proof.code)
    lines = found[1].split("\n") if found else []
    steps = [line.strip() for line in lines if line.strip()]
    return f"{steps[-1]}{' with instances' if len(steps) > 1 else ''}" if steps else ""


def _opposite(results: dict[Problem, Result], checker: Checker, workers: int) -> dict[str, Any]:
    """What Lean says to the contrary of Z3's answers, on every ``STRIDE``-th obligation."""
    asked = [
        (problem, contrary)
        for problem, result in list(results.items())[::STRIDE]
        for contrary in _contrary(problem, result)
    ]
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as threads:
        answers = list(threads.map(lambda item: _timed(checker, *item), asked))
    proved = [f for f, _ in answers if isinstance(f, LeanProof)]
    return {
        "asked": len(asked),
        "proved": len(proved),
        "statements": [proof.statement for proof in proved],
        "seconds": round(time.perf_counter() - start, 1),
    }


def _contrary(problem: Problem, result: Result) -> Iterator[Result]:
    """Results that would contradict ``result``, forged: that is what is to be found out."""
    used = tuple(range(len(problem.premises)))
    goal = Result(
        Outcome.PROVED, result.prover, 0.0, evidence=Refutation("goal", used, instances=())
    )
    negation = Result(
        Outcome.REFUTED, result.prover, 0.0, evidence=Refutation("negation", used, instances=())
    )
    if result.outcome in (Outcome.PROVED, Outcome.INDEPENDENT):
        yield negation
    if result.outcome in (Outcome.REFUTED, Outcome.INDEPENDENT):
        yield goal


# --- obligations ---------------------------------------------------------------------------


def _gsm8k(data: Path, limit: int | None) -> Iterator[tuple[Problem, ...]]:
    """The claims of each arithmetic step of the gold and the model solutions."""
    train = data / "bench" / "gsm8k_train_1000.jsonl"
    test = data / "bench" / "gsm8k_test_solutions.jsonl"
    for record in proofwriter.records(train, limit):
        yield from _steps(record["question"], record["answer"])
    for record in proofwriter.records(test, limit):
        for text in (record["gold_solution"], *(s["text"] for s in record["solutions"])):
            yield from _steps(record["question"], text)


def _steps(question: str, solution: str) -> Iterator[tuple[Problem, ...]]:
    for _, translation in gsm8k_steps.steps(question, solution):
        if translation.status is Status.TRANSLATED:
            yield tuple(Problem((), formula) for formula in translation.formulas)


def _by_step(
    steps: list[tuple[Problem, ...]],
    results: dict[Problem, Result],
    proofs: dict[Problem, LeanProof],
) -> dict[str, Any]:
    """Steps with a verdict, and those whose verdict Lean proves."""
    decided = certified = 0
    for step in steps:
        outcomes = [results[claim].outcome for claim in step]
        refuted = [p for p, o in zip(step, outcomes, strict=True) if o is Outcome.REFUTED]
        if refuted:
            decided += 1
            certified += any(claim in proofs for claim in refuted)
        elif all(o is Outcome.PROVED for o in outcomes):
            decided += 1
            certified += all(claim in proofs for claim in step)
    return {
        "steps_decided": decided,
        "steps_certified": certified,
        "steps_share": certified / max(1, decided),
    }


def _prontoqa(data: Path, limit: int | None) -> Iterator[Problem]:
    """The question and each step of the gold chain, from the context."""
    for item in proofwriter.records(data / prontoqa.FILE, limit):
        for text in (item["question"], *item["explanation"]):
            problem, _, _ = proofwriter.read_problem(item["context"], text)
            if problem is not None:
                yield problem


def _proofwriter(data: Path, limit: int | None) -> Iterator[Problem]:
    """Each question in the classical and in the forward reading."""
    for item in proofwriter.records(data / proofwriter.FILE, limit):
        problem, _, _ = proofwriter.read_problem(item["context"], item["question"])
        if problem is not None and problem.goal is not None:
            yield problem
            yield forward.problem(problem.premises, problem.goal)


def _linc(data: Path, limit: int | None) -> Iterator[Problem]:
    """The recorded theories that Prover9 could read."""
    for name in linc.FILES:
        with (data / "recorded" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            for record in list(map(json.loads, lines))[:limit]:
                texts = linc.formulas(record["text"])
                if record["prover9"] == "Error" or not texts:
                    continue
                try:
                    yield read_problem(texts[:-1], texts[-1], "nltk")
                except InputError:
                    continue
