"""ProofWriter (open world) from raw English: translate by rule, decide by Z3, compare to the label.

A record is a context of several sentences and a statement to judge: true, false or unknown. The
label is read only after the answer stands.

Two readings are measured. ``accuracy`` is of entailment, what Z3 says of the formulas as they are.
The labels were made otherwise: a statement counts as true if applying the rules forwards derives
it, so that rules are never used backwards (no modus tollens, no cases) and a contradictory context
proves only what its rules reach. ``derivability`` measures that reading. It asks Z3 the same
question after each negated atom "not p(t)" was renamed to an atom of a new predicate: what then
follows from the (Horn) rules is just what forward application derives.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.judge import Judge
from neurosym.translate.base import Status
from neurosym.translate.english import translate, translate_all
from neurosym.verify import forward
from provers.base import Outcome, Problem
from provers.logic.syntax import Formula
from provers.z3 import Z3Prover

FILE: Final = "bench/proofwriter.jsonl"
ANSWERS: Final = {Outcome.PROVED: "A", Outcome.REFUTED: "B", Outcome.INDEPENDENT: "C"}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Answer up to ``limit`` records of the file below ``data`` (all if None).

    ``accuracy`` is right answers over all records: a record that could not be translated or
    decided counts as wrong. ``inconsistent`` lists contexts that contradict themselves; they have
    no answer here and count as wrong too.
    """
    measures = answer_records(records(data / FILE, limit), ANSWERS)
    measures["derivability"] = _derivability(data / FILE, limit)
    return measures


def _derivability(path: Path, limit: int | None) -> dict[str, Any]:
    judge = Judge(Z3Prover())
    started = time.perf_counter()
    wrong: list[dict[str, str]] = []
    total = right = 0
    try:
        for item in records(path, limit):
            total += 1
            problem, _, messages = read_problem(item["context"], item["question"])
            if problem is None or problem.goal is None:
                wrong.append({"id": item["id"], "reason": f"untranslated: {messages[0]}"})
                continue
            outcome, reason = decide(judge, forward.problem(problem.premises, problem.goal))
            if ANSWERS.get(outcome) == item["answer"]:
                right += 1
            else:
                why = f"{outcome.value}{reason}, label {item['answer']}"
                wrong.append({"id": item["id"], "reason": why})
    finally:
        judge.close()
    return {
        "right": right,
        "accuracy": right / total if total else 0.0,
        "wrong": wrong,
        "judged": judge.figures(),
        "seconds": round(time.perf_counter() - started, 3),
    }


def records(path: Path, limit: int | None) -> Iterator[dict[str, Any]]:
    """The first ``limit`` records of a JSON Lines file."""
    with path.open(encoding="utf-8") as lines:
        for count, line in enumerate(lines):
            if limit is not None and count >= limit:
                return
            yield json.loads(line)


def answer_records(items: Iterator[dict[str, Any]], answers: dict[Outcome, str]) -> dict[str, Any]:
    """Measures over records with ``context``, ``question`` and ``answer``."""
    judge = Judge(Z3Prover())
    started = time.perf_counter()
    outcomes: Counter[str] = Counter()
    wrong: list[dict[str, str]] = []
    inconsistent: list[str] = []
    total = right = sentences = unread = 0
    translating = 0.0
    try:
        for item in items:
            total += 1
            before = time.perf_counter()
            problem, count, messages = read_problem(item["context"], item["question"])
            translating += time.perf_counter() - before
            sentences += count
            unread += len(messages)
            if problem is None:
                outcomes["untranslated"] += 1
                wrong.append({"id": item["id"], "reason": f"untranslated: {messages[0]}"})
                continue
            outcome, reason = decide(judge, problem)
            outcomes[outcome.value] += 1
            answer = answers.get(outcome, "")
            if outcome is Outcome.INCONSISTENT:
                inconsistent.append(item["id"])
            if answer == item["answer"]:
                right += 1
            else:
                wrong.append(
                    {
                        "id": item["id"],
                        "reason": f"{outcome.value}{reason}, label {item['answer']}",
                    }
                )
    finally:
        judge.close()
    return {
        "records": total,
        "right": right,
        "accuracy": right / total if total else 0.0,
        "sentences": sentences,
        "sentences_untranslated": unread,
        "outcomes": dict(sorted(outcomes.items())),
        "judged": judge.figures(),
        "inconsistent": inconsistent,
        "wrong": wrong,
        "translating_seconds": round(translating, 3),
        "seconds": round(time.perf_counter() - started, 3),
    }


def read_problem(context: str, question: str) -> tuple[Problem | None, int, list[str]]:
    """The problem, how many sentences were read for it, and what could not be read."""
    read = (*translate_all(context), translate(question))
    messages = [m for t in read if t.status is Status.UNTRANSLATED for m in t.messages]
    if not messages and len(read[-1].formulas) != 1:
        messages.append(f"not one statement: {question}")
    if messages:
        return None, len(read), messages
    premises: tuple[Formula, ...] = tuple(f for t in read[:-1] for f in t.formulas)
    return Problem(premises, read[-1].formulas[0]), len(read), []


def decide(judge: Judge, problem: Problem) -> tuple[Outcome, str]:
    """The prover's outcome and, for ``unknown``, its reason."""
    result = judge.prove(problem)
    return result.outcome, f" ({result.reason})" if result.reason else ""
