"""Conformance of the provers: known statuses of SMT-LIB scripts and TPTP problems.

Every conclusive answer is checked again from its evidence. ``wrong`` counts answers that
contradict the known status and must be 0.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from provers import registry
from provers.base import AnyProblem, Limits, Outcome, Result, ScriptProblem
from provers.errors import InputError, MissingToolError
from provers.recheck import Recheck, recheck
from provers.tptp import read_tptp

SMTLIB_LIMITS = Limits(seconds=8)
TPTP_LIMITS = Limits(seconds=20)
SMT_ON_TPTP_LIMITS = Limits(seconds=10)
RECHECK_LIMITS = Limits(seconds=10)
AT_ONCE = 2

# What contradicts a known status. A theorem whose axioms are contradictory is one all the same.
CONTRADICTS: dict[str, frozenset[Outcome]] = {
    "sat": frozenset({Outcome.INCONSISTENT}),
    "unsat": frozenset({Outcome.SATISFIABLE}),
    "Theorem": frozenset({Outcome.REFUTED, Outcome.INDEPENDENT, Outcome.SATISFIABLE}),
    "Unsatisfiable": frozenset({Outcome.REFUTED, Outcome.INDEPENDENT, Outcome.SATISFIABLE}),
    "CounterSatisfiable": frozenset({Outcome.PROVED, Outcome.INCONSISTENT}),
    "Satisfiable": frozenset(
        {Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT, Outcome.INCONSISTENT}
    ),
}
# A prover's status without evidence is no outcome, but must not contradict what is known.
MODEL_STATUSES = frozenset({"Satisfiable", "CounterSatisfiable"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer, and what checking it gave."""

    name: str
    known: str
    result: Result
    checked: Recheck
    seconds: float


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Figures for each set and prover; ``limit`` takes only the first problems of each set."""
    smtlib = _records(data / "provers" / "smtlib.jsonl", limit)
    files = _records(data / "provers" / "tptp.jsonl", limit)
    figures: dict[str, Any] = {}
    for prover in ("z3", "cvc5"):
        figures[f"smtlib/{prover}"] = _figures(prover, smtlib, _script, SMTLIB_LIMITS)
    figures["tptp/eprover"] = _figures("eprover", files, _file, TPTP_LIMITS)
    for prover in ("z3", "cvc5"):
        figures[f"tptp/{prover}"] = _figures(prover, files, _read, SMT_ON_TPTP_LIMITS)
    return figures


def _records(path: Path, limit: int | None) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][:limit]


def _script(record: dict[str, Any]) -> AnyProblem:
    return ScriptProblem("smtlib", record["smtlib"])


def _file(record: dict[str, Any]) -> AnyProblem:
    return ScriptProblem("tptp", record["problem"])


def _read(record: dict[str, Any]) -> AnyProblem:
    return read_tptp(record["problem"])


def _figures(
    prover: str,
    records: list[dict[str, Any]],
    problem: Callable[[dict[str, Any]], AnyProblem],
    limits: Limits,
) -> dict[str, Any]:
    start = time.monotonic()

    def ask(part: int) -> list[Asked]:
        loaded = registry.load(prover)
        try:
            return [_ask(loaded.prove, r, problem, limits) for r in records[part::AT_ONCE]]
        finally:
            loaded.close()

    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            asked = [one for part in pool.map(ask, range(AT_ONCE)) for one in part]
    except MissingToolError as error:
        return {"missing": str(error)}
    return _summary(asked, time.monotonic() - start, limits)


def _ask(
    prove: Callable[[AnyProblem, Limits], Result],
    record: dict[str, Any],
    problem: Callable[[dict[str, Any]], AnyProblem],
    limits: Limits,
) -> Asked:
    start = time.monotonic()
    try:
        question = problem(record)
    except InputError as error:
        result = Result(Outcome.ILL_FORMED, "reader", 0.0)
        checked = Recheck(True, "nothing claimed", str(error))
        return Asked(record["id"], record["status"], result, checked, 0.0)
    result = prove(question, limits)
    seconds = time.monotonic() - start
    checked = recheck(question, result, RECHECK_LIMITS)
    return Asked(record["id"], record["status"], result, checked, seconds)


def _summary(asked: list[Asked], seconds: float, limits: Limits) -> dict[str, Any]:
    decided = [one for one in asked if one.result.conclusive]
    unknown = [one for one in asked if one.result.outcome is Outcome.UNKNOWN]
    broken = [one for one in asked if one.result.outcome in (Outcome.FAILED, Outcome.ILL_FORMED)]
    unsound = [one for one in asked if _wrong(one)]
    failed_check = [one for one in decided if not one.checked.ok]
    return {
        "problems": len(asked),
        "decided": len(decided),
        "wrong": len(unsound),
        "outcomes": dict(sorted(Counter(str(one.result.outcome) for one in asked).items())),
        "unknown": dict(sorted(Counter(one.result.reason for one in unknown).items())),
        "status_without_evidence": sum(one.result.szs in MODEL_STATUSES for one in unknown),
        "rechecked": len(decided) - len(failed_check),
        "rechecked_by": dict(sorted(Counter(one.checked.how for one in decided).items())),
        "over_limit_ids": sorted(one.name for one in asked if one.seconds > limits.seconds + 0.5),
        "wrong_ids": sorted(one.name for one in unsound),
        "failed_ids": {one.name: _words(one.result) for one in broken},
        "recheck_failed_ids": {one.name: one.checked.detail for one in failed_check},
        "undecided_ids": {one.name: one.result.reason for one in unknown},
        "slowest_seconds": round(max((one.seconds for one in asked), default=0.0), 2),
        "seconds": round(seconds, 1),
    }


def _wrong(one: Asked) -> bool:
    if one.result.outcome in CONTRADICTS[one.known]:
        return True
    claims = one.result.outcome is Outcome.UNKNOWN and one.result.szs in MODEL_STATUSES
    return claims and one.known in ("Theorem", "Unsatisfiable", "unsat")


def _words(result: Result) -> str:
    return "; ".join(message.text for message in result.messages)[:300]
