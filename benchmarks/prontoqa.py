"""PrOntoQA from raw English: the answers, and every step of the gold chains.

Translated by rule, decided by Z3; the label and the chain are read only to compare.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from benchmarks.judge import Judge
from benchmarks.proofwriter import answer_records, decide, read_problem, records
from provers.base import Outcome
from provers.z3 import Z3Prover

FILE: Final = "bench/prontoqa.jsonl"
ANSWERS: Final = {Outcome.PROVED: "A", Outcome.REFUTED: "B"}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Answers (see ``proofwriter.run``; "unknown" is no option here) and chain steps.

    ``chain`` counts the outcome of each step of the gold explanations against the context alone;
    ``chain_wrong`` lists the steps that are not proved.
    """
    measures = answer_records(records(data / FILE, limit), ANSWERS)
    judge = Judge(Z3Prover())
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    wrong: list[dict[str, str]] = []
    try:
        for item in records(data / FILE, limit):
            for step in item["explanation"]:
                problem, _, messages = read_problem(item["context"], step)
                if problem is None:
                    outcome, reason = "untranslated", messages[0]
                else:
                    decided, reason = decide(judge, problem)
                    outcome = decided.value
                outcomes[outcome] += 1
                if outcome != Outcome.PROVED.value:
                    wrong.append({"id": item["id"], "step": step, "reason": outcome + reason})
    finally:
        judge.close()
    measures["chain"] = dict(sorted(outcomes.items()))
    measures["chain_judged"] = judge.figures()
    measures["chain_wrong"] = wrong
    measures["chain_seconds"] = round(time.perf_counter() - started, 3)
    return measures
