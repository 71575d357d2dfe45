"""Logic-LM's recorded GPT-4 programs through our provers (Pan et al. 2023).

Three of its five sets are first-order: PrOntoQA and ProofWriter as rule programs, FOLIO as
formulas. A rule program has facts ``Cold(Bob, True)`` and rules ``A && B >>> C``; Logic-LM ran
it by forward chaining, in which ``Cold(x, False)`` is an atom of its own that only a rule can
derive. Both readings are measured: ``entailment`` (classical logic, so rules also work
backwards) and ``derivability`` (the forward reading that the programs were written for). A
program that cannot be read gets no backup answer here; it counts as wrong.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from neurosym.verify import forward
from provers.base import Outcome, Problem, Prover
from provers.errors import InputError
from provers.logic.syntax import (
    Apply,
    Formula,
    Implies,
    Not,
    Pred,
    Term,
    Var,
    closure,
    conjunction,
)
from provers.problems import read_problem
from provers.z3 import Z3Prover

PUBLISHED = {"ProntoQA": 83.20, "ProofWriter": 79.66, "FOLIO": 78.92}
_LETTER = {Outcome.PROVED: "A", Outcome.REFUTED: "B", Outcome.INDEPENDENT: "C"}
_ATOM = re.compile(r"\s*([^\s(),&]+)\s*\(([^()]*)\)\s*")


def run(data: Path, limit: int | None) -> dict[str, Any]:
    path = data / "recorded" / "logiclm_gpt4.jsonl"
    records = [json.loads(line) for line in path.open(encoding="utf-8")]
    prover = Z3Prover()
    readings: dict[str, list[tuple[str, Callable[[str], Problem]]]] = {
        "ProntoQA": [("entailment", read_rules), ("derivability", read_derivation)],
        "ProofWriter": [("entailment", read_rules), ("derivability", read_derivation)],
        "FOLIO": [("entailment", read_folio)],
    }
    figures: dict[str, Any] = {}
    try:
        for name, ways in readings.items():
            chosen = [r for r in records if r["dataset"] == name][:limit]
            for reading, read in ways:
                figures[f"{name} {reading}"] = _measure(chosen, read, prover, PUBLISHED[name])
    finally:
        prover.close()
    return figures


def _measure(
    records: list[dict[str, Any]],
    read: Callable[[str], Problem],
    prover: Prover,
    published: float,
) -> dict[str, Any]:
    judge = Judge(prover)
    unread = right = 0
    wrong: list[dict[str, str]] = []
    start = time.perf_counter()
    for record in records:
        try:
            here = _LETTER.get(judge.prove(read(record["program"])).outcome, "none")
        except InputError as error:
            unread += 1
            here = f"not read: {error}"
        if here == record["answer"]:
            right += 1
        else:
            wrong.append({"id": record["id"], "gold": record["answer"], "here": here})
    return {
        "records": len(records),
        "right": right,
        "accuracy_percent": round(100 * right / max(1, len(records)), 2),
        "published_percent": published,
        "programs_not_read": unread,
        "judged": judge.figures(),
        "seconds": round(time.perf_counter() - start, 1),
        "wrong": wrong,
    }


# --- rule programs -------------------------------------------------------------------------


def _sections(program: str, names: tuple[str, ...]) -> dict[str, list[str]]:
    """The lines of each named section, without the ``::: comment`` tails."""
    found: dict[str, list[str]] = {name: [] for name in names}
    current: list[str] | None = None
    for line in program.splitlines():
        text = line.partition(":::")[0].strip()
        if text.endswith(":") and text[:-1] in found:
            current = found[text[:-1]]
        elif text and current is not None:
            current.append(text)
    return found


def read_rules(program: str) -> Problem:
    """The program in classical logic: ``False`` negates."""
    sections = _sections(program, ("Predicates", "Facts", "Rules", "Query"))
    if len(sections["Query"]) != 1:
        raise InputError(f"{len(sections['Query'])} queries")
    premises: list[Formula] = [_conjunction(fact) for fact in sections["Facts"]]
    for rule in sections["Rules"]:
        body, arrow, head = rule.partition(">>>")
        if not arrow:
            premises.append(_conjunction(rule))
        else:
            premises.append(Implies(_conjunction(body), _conjunction(head)))
    return Problem(tuple(closure(p) for p in premises), _literal(sections["Query"][0]))


def read_derivation(program: str) -> Problem:
    """The program as forward chaining reads it: ``False`` makes another predicate."""
    problem = read_rules(program)
    return forward.problem(problem.premises, problem.goal)


def _conjunction(text: str) -> Formula:
    return conjunction(tuple(_literal(part) for part in text.split("&&")))


def _literal(text: str) -> Formula:
    """``Sees($x, cat, True)``: an atom, or with ``False`` its negation."""
    match = _ATOM.fullmatch(text)
    if match is None:
        raise InputError(f"not an atom: {text[:60]!r}")
    *args, value = [a.strip() for a in match[2].split(",")]
    if value not in ("True", "False"):
        raise InputError(f"no truth value in {text[:60]!r}")
    terms: tuple[Term, ...] = tuple(
        Var(a[1:]) if a.startswith("$") else Apply(a.lower()) for a in args
    )
    atom = Pred(match[1], terms)
    return atom if value == "True" else Not(atom)


# --- FOLIO ---------------------------------------------------------------------------------


def read_folio(program: str) -> Problem:
    """The program's premises and conclusion in FOLIO's notation."""
    sections = _sections(program, ("Predicates", "Premises", "Conclusion"))
    if len(sections["Conclusion"]) != 1:
        raise InputError(f"{len(sections['Conclusion'])} conclusions")
    return read_problem(sections["Premises"], sections["Conclusion"][0], "unicode")
