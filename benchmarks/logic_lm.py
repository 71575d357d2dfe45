"""Logic-LM's recorded GPT-4 programs through our provers (Pan et al. 2023).

Three of its five sets are first-order: PrOntoQA and ProofWriter as rule programs, FOLIO as
formulas. A rule program has facts ``Cold(Bob, True)`` and rules ``A && B >>> C``; Logic-LM ran
it by forward chaining, in which ``Cold(x, False)`` is an atom of its own that only a rule can
derive. Both readings are measured: ``entailment`` (classical logic, so rules also work
backwards) and ``derivability`` (the forward reading that the programs were written for). A
program that cannot be read gets no backup answer here; it counts as wrong.

Under ``executable``, for GPT-4 and text-davinci-003: how many programs run as they are, and after
repair. A program runs when all of it is read, nothing left out, and the prover answers or says by
name why not. What repair a rule program gets is here, with its language: ``mend_rules``.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from neurosym.translate.repair import repair_problem
from neurosym.verify import forward
from provers.base import CONCLUSIVE, Outcome, Problem, Prover, Result
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
    negate,
)
from provers.problems import read_problem
from provers.z3 import Z3Prover

PUBLISHED = {"ProntoQA": 83.20, "ProofWriter": 79.66, "FOLIO": 78.92}
_LETTER = {Outcome.PROVED: "A", Outcome.REFUTED: "B", Outcome.INDEPENDENT: "C"}
_ATOM = re.compile(r"\s*([^\s(),&]+)\s*\(([^()]*)\)\s*")
_NOT = re.compile(r"\s*Not\s*\((.*)\)\s*")
_AND = re.compile("&&")
_LONE = re.compile(r"[xyzXYZ]")


MODELS = ("gpt4", "davinci003")
PUBLISHED_EXECUTABLE = {("gpt4", "FOLIO"): 79.9}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    records = _records(data, "gpt4")
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
        figures["executable"] = {
            f"{model} {name}": _executable(
                [r for r in _records(data, model) if r["dataset"] == name][:limit],
                name == "FOLIO",
                prover,
                PUBLISHED_EXECUTABLE.get((model, name)),
            )
            for model in MODELS
            for name in readings
        }
    finally:
        prover.close()
    return figures


def _records(data: Path, model: str) -> list[dict[str, Any]]:
    path = data / "recorded" / f"logiclm_{model}.jsonl"
    return [json.loads(line) for line in path.open(encoding="utf-8")]


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


# --- executability -------------------------------------------------------------------------


def _executable(
    records: list[dict[str, Any]], formulas: bool, prover: Prover, published: float | None
) -> dict[str, Any]:
    """Programs that run, and right answers, before repair and after it."""
    judge = Judge(prover)
    counts: Counter[str] = Counter()
    repairs: Counter[str] = Counter()
    not_run: list[dict[str, str]] = []

    def read(program: str) -> Problem:
        return read_folio(program) if formulas else read_derivation(program)

    def mend(program: str) -> Problem:
        problem, said = mend_folio(program, judge.prove) if formulas else mend_rules(program)
        repairs.update(set(said))
        return problem if formulas else forward.problem(problem.premises, problem.goal)

    start = time.perf_counter()
    for record in records:
        for when, reader in (("before", read), ("after", mend)):
            try:
                outcome = judge.prove(reader(record["program"])).outcome
            except InputError as error:
                if when == "after":
                    not_run.append({"id": record["id"], "why": str(error)})
                continue
            runs = outcome in CONCLUSIVE or outcome is Outcome.UNKNOWN
            counts[f"executable_{when}"] += runs
            counts[f"right_{when}"] += _LETTER.get(outcome) == record["answer"]
            counts[f"unknown_{when}"] += outcome is Outcome.UNKNOWN
    share = {
        key.replace("right", "accuracy") + "_percent": round(100 * n / max(1, len(records)), 2)
        for key, n in counts.items()
        if not key.startswith("unknown")
    }
    return {
        "records": len(records),
        **counts,
        **share,
        "published_executable_percent": published,
        "programs_with_repair": dict(repairs.most_common()),
        "judged": judge.figures(),
        "seconds": round(time.perf_counter() - start, 1),
        "not_run": not_run,
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


def mend_rules(program: str) -> tuple[Problem, tuple[str, ...]]:
    """The program in classical logic, its slips mended, with the kinds of repair.

    Rules among the facts or as the query are rules; ``Not(P(a, True))`` is ``P(a, False)``; an
    atom with as many arguments as were declared, and no truth value after them, is true; a lone
    ``x`` or ``X`` in a rule is a variable.
    """
    sections = _sections(program, ("Predicates", "Facts", "Rules", "Query"))
    if len(sections["Query"]) != 1:
        raise InputError(f"{len(sections['Query'])} queries")
    bare = set()
    for line in sections["Predicates"]:
        if declared := _ATOM.fullmatch(line):
            args = declared[2].split(",")
            bare.add((declared[1], len(args) - (args[-1].strip() == "bool")))
    said: dict[str, None] = {}
    premises = [
        closure(_mended(line, bare, said, rule=section == "Rules"))
        for section in ("Facts", "Rules")
        for line in sections[section]
    ]
    goal = closure(_mended(sections["Query"][0], bare, said, rule=False))
    return Problem(tuple(premises), goal), tuple(said)


def _mended(line: str, bare: set[tuple[str, int]], said: dict[str, None], rule: bool) -> Formula:
    body, arrow, head = line.partition(">>>")
    if arrow and not rule:
        said["rule_among_facts"] = None
    sides = [
        conjunction(tuple(_mended_literal(part, bare, said, bool(arrow)) for part in parts))
        for parts in map(_AND.split, (body, head) if arrow else (line,))
    ]
    return Implies(*sides) if arrow else sides[0]


def _mended_literal(
    text: str, bare: set[tuple[str, int]], said: dict[str, None], rule: bool
) -> Formula:
    negation = _NOT.fullmatch(text)
    if negation is not None:
        said["negation"] = None
        return negate(_mended_literal(negation[1], bare, said, rule))
    match = _ATOM.fullmatch(text)
    if match is not None:
        args = [a.strip() for a in match[2].split(",")]
        if args[-1] not in ("True", "False") and (match[1], len(args)) in bare:
            said["truth_value"] = None
            args.append("True")
        if rule and any(_LONE.fullmatch(a) for a in args):
            said["variable"] = None
            args = [f"${a.lower()}" if _LONE.fullmatch(a) else a for a in args]
        text = f"{match[1]}({', '.join(args)})"
    return _literal(text)


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


def mend_folio(program: str, prove: Callable[[Problem], Result]) -> tuple[Problem, tuple[str, ...]]:
    """The program after repair, with the kinds of repair; nothing of it may be left out."""
    sections = _sections(program, ("Predicates", "Premises", "Conclusion"))
    if len(sections["Conclusion"]) != 1:
        raise InputError(f"{len(sections['Conclusion'])} conclusions")
    repaired = repair_problem(sections["Premises"], sections["Conclusion"][0], "unicode", prove)
    if not repaired.whole:
        raise InputError("; ".join(repaired.doubts))
    return repaired.problem, tuple(repair.kind for repair in repaired.repairs)
