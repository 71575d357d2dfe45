"""All five of Logic-LM's sets from its recorded GPT-4 programs (Pan et al. 2023), our solvers.

The same programs: no backup answer where a program gives none, no refinement by a model, and what
decides no option, or several, has no answer here. Each program is answered twice: ``written``,
with only slips of form mended, and ``mended``, with slips of meaning that the problem's own text
shows (a query that denies what its sentence says, ``is_valid`` below a question for what could be
true, a thing compared with itself, a place counted from the wrong end of the row). What was mended
is counted. The mending was developed in sight of GPT-4's programs; text-davinci-003's, of the same
problems, were looked at only for what they have no sections for.

Which world: PrOntoQA's and ProofWriter's rules are read forwards, as their labels were made and as
Pyke ran them; FOLIO's, LogicalDeduction's and AR-LSAT's programs are read as classical logic.
PrOntoQA is measured once more ``closed``, as Logic-LM answers it: what is not derived is false.

FOLIO's formulas are held against their sentences when ``mended``: a conclusion that denies its
statement is turned round, and an answer that rests on a formula that says another thing than its
sentence is none (``unfaithful``). That was developed with text-davinci-003's programs and FOLIO's
training set.

``executable`` counts programs that were read and wholly decided, ``answered`` those of them that
have one answer. Logic-LM counts a program as executed where it prints an answer.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from neurosym.runs.programs import assignments, formulas, games, rules
from neurosym.runs.programs.base import ProgramError, Reply
from provers.errors import BrokenToolError
from provers.z3 import Z3Prover

MODELS = ("gpt4", "davinci003")
PUBLISHED = {
    "ProntoQA": 83.20,
    "ProofWriter": 79.66,
    "FOLIO": 78.92,
    "LogicalDeduction": 87.63,
    "AR-LSAT": 43.04,
}
# What the published route does with the same programs (replayed once, see LOG.md): how many it
# prints an answer for, and how many of these are right, without a backup answer or refinement.
ROUTE = {"ProntoQA": (500, 500, 416), "FOLIO": (204, 163, 131), "AR-LSAT": (230, 75, 45)}
Solve = Callable[[dict[str, Any], Judge], Reply]


def _rules(unknown: bool, meaning: bool, closed: bool = False) -> Solve:
    def solve(record: dict[str, Any], judge: Judge) -> Reply:
        return rules.solve(
            record["program"],
            judge.prove,
            statement=rules.statement_of(record["question"]),
            unknown=unknown,
            closed=closed,
            meaning=meaning,
        )

    return solve


def _formulas(meaning: bool) -> Solve:
    return lambda record, judge: formulas.solve(
        record["program"], judge.prove, rules.statement_of(record["question"]), meaning
    )


def _assignments(meaning: bool) -> Solve:
    return lambda record, judge: assignments.solve(record["program"], judge.prove, meaning)


def _games(meaning: bool) -> Solve:
    return lambda record, judge: games.solve(record["program"], judge.prove, meaning)


WAYS: dict[str, dict[str, Solve]] = {
    "ProntoQA": {
        "written": _rules(unknown=False, meaning=False),
        "mended": _rules(unknown=False, meaning=True),
        "closed": _rules(unknown=False, meaning=False, closed=True),
        "mended closed": _rules(unknown=False, meaning=True, closed=True),
    },
    "ProofWriter": {
        "written": _rules(unknown=True, meaning=False),
        "mended": _rules(unknown=True, meaning=True),
    },
    "FOLIO": {"written": _formulas(meaning=False), "mended": _formulas(meaning=True)},
    "LogicalDeduction": {
        "written": _assignments(meaning=False),
        "mended": _assignments(meaning=True),
    },
    "AR-LSAT": {"written": _games(meaning=False), "mended": _games(meaning=True)},
}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    prover = Z3Prover()
    try:
        return {model: _model(data, model, limit, prover) for model in MODELS}
    finally:
        prover.close()


def _model(data: Path, model: str, limit: int | None, prover: Z3Prover) -> dict[str, Any]:
    path = data / "recorded" / f"logiclm_{model}.jsonl"
    records = [json.loads(line) for line in path.open(encoding="utf-8")]
    figures: dict[str, Any] = {}
    for name, ways in WAYS.items():
        chosen = [record for record in records if record["dataset"] == name][:limit]
        figures[name] = {way: _measure(chosen, solve, prover) for way, solve in ways.items()}
        if model == "gpt4":
            figures[name]["published_percent"] = PUBLISHED[name]
            if name in ROUTE:
                programs, executed, right = ROUTE[name]
                figures[name]["route"] = {
                    "executed_percent": _percent(executed, programs),
                    "accuracy_when_executed_percent": _percent(right, executed),
                }
    return figures


def _measure(records: list[dict[str, Any]], solve: Solve, prover: Z3Prover) -> dict[str, Any]:
    judge = Judge(prover)
    ran = answered = right = 0
    failures: Counter[str] = Counter()
    mended: Counter[str] = Counter()
    wrong: list[dict[str, str]] = []
    start = time.perf_counter()
    for record in records:
        try:
            reply = solve(record, judge)
        except ProgramError as error:
            reply = Reply("", error.kind, str(error))
        except BrokenToolError as error:
            reply = Reply("", "undecided", str(error))
        ran += reply.ran
        answered += reply.failure is None
        mended.update({one.kind for one in reply.mended})
        if reply.answer == record["answer"]:
            right += 1
            continue
        why = reply.failure or "wrong"
        failures[why] += 1
        said = {"here": reply.answer} if reply.answer else {"why": reply.message[:160]}
        wrong.append({"id": record["id"], "failure": why, "gold": record["answer"], **said})
    return {
        "records": len(records),
        "executable": ran,
        "answered": answered,
        "right": right,
        "executable_percent": _percent(ran, len(records)),
        "answered_percent": _percent(answered, len(records)),
        "accuracy_percent": _percent(right, len(records)),
        "accuracy_when_executable_percent": _percent(right, ran),
        "accuracy_when_answered_percent": _percent(right, answered),
        "not_right_by_reason": dict(failures.most_common()),
        "programs_mended": dict(mended.most_common()),
        "judged": judge.figures(),
        "seconds": round(time.perf_counter() - start, 1),
        "not_right": wrong,
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(1, whole), 2)
