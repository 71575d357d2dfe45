"""GSM8K steps: does every gold step's arithmetic get a verdict, and is a right one ever refuted?

Run: ``python -m benchmarks.gsm8k_steps [--limit N] [--data DIR]``. Needs the public GSM8K files
(``bench/gsm8k_train_1000.jsonl`` and ``bench/gsm8k_test_solutions.jsonl``).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from neurosym.translate.arithmetic import Quantities, translate
from neurosym.translate.base import Status, Translation
from provers.base import Outcome, Problem
from provers.logic.syntax import Formula
from provers.z3 import Z3Prover

_ARITHMETIC = re.compile(r"<<|[=<>≈]")
_ANSWER = re.compile(r"\s*(?:####|A:)")


@dataclass(slots=True)
class Decider:
    """Decides closed claims by Z3, each distinct formula once."""

    judge: Judge = field(default_factory=lambda: Judge(Z3Prover()))
    seen: dict[Formula, Outcome] = field(default_factory=dict)

    def outcome(self, formula: Formula) -> Outcome:
        if formula not in self.seen:
            result = self.judge.prove(Problem((), formula))
            self.seen[formula] = result.outcome
        return self.seen[formula]

    def verdict(self, translation: Translation) -> str:
        """``refuted`` if one claim is, ``proved`` if all are, else the first other outcome."""
        if translation.status is not Status.TRANSLATED:
            return str(translation.status)
        outcomes = [self.outcome(f) for f in translation.formulas]
        if Outcome.REFUTED in outcomes:
            return "refuted"
        return next((str(o) for o in outcomes if o is not Outcome.PROVED), "proved")


def _records(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for count, line in enumerate(lines):
            if limit is not None and count >= limit:
                return
            yield json.loads(line)


def steps(question: str, solution: str) -> Iterator[tuple[str, Translation]]:
    """Every line of a solution that holds arithmetic, and its translation."""
    known = Quantities.from_text(question)
    for line in solution.split("\n"):
        if not line.strip() or _ANSWER.match(line):
            continue
        translation = translate(line, known)
        known = known.with_text(line)
        if re.search(r"\d", line) and _ARITHMETIC.search(line):
            yield line, translation


def _gold(records: Iterator[dict[str, Any]], key: str, decider: Decider) -> dict[str, Any]:
    verdicts: dict[str, int] = {}
    refuted: list[dict[str, str]] = []
    flagged = total = 0
    for record in records:
        for line, translation in steps(record["question"], record[key]):
            verdict = decider.verdict(translation)
            total += 1
            verdicts[verdict] = verdicts.get(verdict, 0) + 1
            flagged += "unfaithful" in translation.flags
            if verdict == "refuted":
                refuted.append({"id": record["id"], "step": line})
    decided = verdicts.get("proved", 0) + verdicts.get("refuted", 0)
    return {
        "steps": total,
        "verdicts": verdicts,
        "decided_share": decided / max(total, 1),
        "refuted_share": len(refuted) / max(total, 1),
        "unfaithful_share": flagged / max(total, 1),
        "refuted": refuted,
    }


def _models(records: Iterator[dict[str, Any]], decider: Decider) -> dict[str, Any]:
    counts = {
        truth: {"solutions": 0, "refuted": 0, "refuted_or_flagged": 0}
        for truth in ("right", "wrong")
    }
    for record in records:
        for solution in record["solutions"]:
            count = counts["right" if solution["is_correct"] else "wrong"]
            read = [t for _, t in steps(record["question"], solution["text"])]
            refuted = "refuted" in [decider.verdict(t) for t in read]
            flagged = any("unfaithful" in t.flags for t in read)
            count["solutions"] += 1
            count["refuted"] += refuted
            count["refuted_or_flagged"] += refuted or flagged
    return {
        **counts,
        "shares": {
            truth: {
                name: count[name] / max(count["solutions"], 1)
                for name in ("refuted", "refuted_or_flagged")
            }
            for truth, count in counts.items()
        },
    }


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All measures over the first ``limit`` records of each file; raises OSError without data."""
    started = time.perf_counter()
    decider = Decider()
    train = data / "bench" / "gsm8k_train_1000.jsonl"
    test = data / "bench" / "gsm8k_test_solutions.jsonl"
    try:
        result = {
            "gold_train": _gold(_records(train, limit), "answer", decider),
            "gold_test": _gold(_records(test, limit), "gold_solution", decider),
            "models": _models(_records(test, limit), decider),
            "distinct_claims": len(decider.seen),
            "judged": decider.judge.figures(),
        }
    finally:
        decider.judge.close()
    return {**result, "seconds": round(time.perf_counter() - started, 2)}
