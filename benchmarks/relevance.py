"""Proofs among 1,000 premises that have nothing to do with the goal: with selection, and without.

The problems are FOLIO's gold formulas and GPT-4's formulas for ProofWriter (as LINC recorded
them) with the label True or False, and theorems of the TPTP library, that Z3 decides alone, as the
label says. The premises beside them come from the other stories of the first two: as they are, so
that common words such as ``Student`` are in both (``shared``), or with names of their own
(``apart``). What follows from a problem follows from more premises too, unless the whole is
contradictory. So only those stories are used that, all together, Z3 finds no contradiction in.
Each answer is checked again against the whole problem.
"""

from __future__ import annotations

import contextlib
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.linc import formulas
from provers import registry
from provers.base import Limits, Outcome, Problem, Prover, Refutation, Result
from provers.errors import InputError, MissingToolError
from provers.logic.syntax import Formula, negate
from provers.problems import read_problem
from provers.recheck import recheck
from provers.selection import Selecting
from provers.skolem import rename_symbols, symbols
from provers.tptp import read_tptp

SECONDS = 5.0
DISTRACTORS = 1000
PER_SOURCE = 30
WITH_EPROVER = 10
AT_ONCE = 2
_CLEANING = Limits(10)
_Thing = TypeVar("_Thing")
_WANTED = {"True": Outcome.PROVED, "False": Outcome.REFUTED}


@dataclass(frozen=True, slots=True)
class Asked:
    """A problem that is decided alone: how, and what it is called and comes from."""

    name: str
    source: str
    story: str
    problem: Problem
    known: Outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """One problem among the others' premises: without selection and with it."""

    asked: Asked
    results: tuple[Result, Result]
    seconds: tuple[float, float]
    checked: tuple[bool, bool]


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """Figures for each prover and way; ``limit`` takes so many problems of each source."""
    everything = [*_folio(data), *_proofwriter(data)]
    z3 = registry.load("z3")
    try:
        stories = _without_contradictions(_stories(everything), z3)
        usable = [asked for asked in everything if asked.story in stories]
        chosen = _decided([*usable, *_tptp(data)], min(limit or PER_SOURCE, PER_SOURCE), z3)
    finally:
        z3.close()
    pool = _owners(stories)
    few = chosen[:: max(1, len(chosen) // WITH_EPROVER)][:WITH_EPROVER]
    figures: dict[str, Any] = {
        "distractors": DISTRACTORS,
        "limit_seconds": SECONDS,
        "stories": len(stories),
        "premises": len(pool),
    }
    for prover, problems in (("z3", chosen), ("eprover", few)):
        for way in ("shared", "apart"):
            figures[f"{prover}/{way}"] = _figures(prover, problems, pool, apart=way == "apart")
    return figures


# --- problems ------------------------------------------------------------------------------


def _folio(data: Path) -> Iterator[Asked]:
    for record in _records(data / "bench" / "folio_v2_train.jsonl"):
        if record["label"] in _WANTED:
            with contextlib.suppress(InputError):
                problem = read_problem(record["premises_fol"], record["conclusion_fol"], "unicode")
                story = f"folio {record['story_id']}"
                yield Asked(record["id"], "folio", story, problem, _WANTED[record["label"]])


def _proofwriter(data: Path) -> Iterator[Asked]:
    """The first sample of each problem that can be read."""
    seen: set[int] = set()
    for record in _records(data / "recorded" / "linc_gpt4_proofwriter_8shot.jsonl"):
        if record["gold"] in _WANTED and record["problem"] not in seen:
            with contextlib.suppress(InputError):
                *premises, goal = formulas(record["text"])
                problem = read_problem(premises, goal, "nltk")
                seen.add(record["problem"])
                story = f"proofwriter {record['problem']}"
                yield Asked(record["id"], "proofwriter", story, problem, _WANTED[record["gold"]])


def _tptp(data: Path) -> Iterator[Asked]:
    for record in _records(data / "provers" / "tptp.jsonl"):
        if record["status"] == "Theorem":
            problem = read_tptp(record["problem"])
            yield Asked(record["id"], "tptp", record["id"], problem, Outcome.PROVED)


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _decided(everything: Sequence[Asked], count: int, prover: Prover) -> list[Asked]:
    """The first problems of each source, one of a story, that a prover decides as labelled."""
    chosen: list[Asked] = []
    counts: Counter[str] = Counter()
    stories: set[str] = set()
    for asked in _shuffled(everything, "problems"):
        if counts[asked.source] >= count or asked.story in stories:
            continue
        if prover.prove(asked.problem, Limits(SECONDS)).outcome is asked.known:
            chosen.append(asked)
            counts[asked.source] += 1
            stories.add(asked.story)
    return chosen


def _shuffled(things: Sequence[_Thing], seed: str) -> list[_Thing]:
    mixed = list(things)
    random.Random(seed).shuffle(mixed)
    return mixed


# --- premises beside them ------------------------------------------------------------------


def _stories(everything: Sequence[Asked]) -> dict[str, dict[Formula, None]]:
    """The premises of each story, in a random order of the stories."""
    found: dict[str, dict[Formula, None]] = {}
    for asked in _shuffled(everything, "stories"):
        found.setdefault(asked.story, {}).update(dict.fromkeys(asked.problem.premises))
    return found


def _owners(stories: dict[str, dict[Formula, None]]) -> dict[Formula, list[str]]:
    owners: dict[Formula, list[str]] = {}
    for story, premises in stories.items():
        for premise in premises:
            owners.setdefault(premise, []).append(story)
    return owners


def _without_contradictions(
    stories: dict[str, dict[Formula, None]], prover: Prover
) -> dict[str, dict[Formula, None]]:
    """The stories left when one is taken out for each contradiction that is found among all."""
    left: dict[str, dict[Formula, None]] = {}
    said: set[Formula] = set()
    for story, premises in stories.items():
        # A statement and its negation are most of what contradicts, and need no prover.
        if said.isdisjoint(map(negate, premises)):
            left[story] = premises
            said.update(premises)
    while True:
        owners = _owners(left)
        together = tuple(owners)
        result = prover.prove(Problem(together), _CLEANING)
        if not isinstance(result.evidence, Refutation):
            return left
        used = [together[i] for i in result.evidence.used]
        for story in min((owners[premise] for premise in used), key=len):
            del left[story]


def _beside(asked: Asked, pool: dict[Formula, list[str]], *, apart: bool) -> list[Formula]:
    """Premises of other stories, chosen by a random order that belongs to the problem."""
    others = [premise for premise, stories in pool.items() if asked.story not in stories]
    chosen = _shuffled(others, asked.name)[:DISTRACTORS]
    return [_renamed(p, pool[p][0]) for p in chosen] if apart else chosen


def _renamed(premise: Formula, story: str) -> Formula:
    names = {symbol: f"{symbol[1]}_in_{story.replace(' ', '_')}" for symbol in symbols([premise])}
    return rename_symbols(premise, names)


# --- asking --------------------------------------------------------------------------------


def _figures(
    name: str, problems: Sequence[Asked], pool: dict[Formula, list[str]], *, apart: bool
) -> dict[str, Any]:
    def ask(part: int) -> list[Answer]:
        prover = registry.load(name)
        try:
            prover.prove(problems[0].problem, Limits(SECONDS))  # it is up before the clock runs
            return [_ask(p, prover, pool, apart=apart) for p in problems[part::AT_ONCE]]
        finally:
            prover.close()

    try:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            answers = [one for part in threads.map(ask, range(AT_ONCE)) for one in part]
    except MissingToolError as error:
        return {"missing": str(error)}
    return _summary(answers)


def _ask(asked: Asked, prover: Prover, pool: dict[Formula, list[str]], *, apart: bool) -> Answer:
    problem = _together(asked, _beside(asked, pool, apart=apart))
    plain, seconds = _timed(prover, problem)
    selected, seconds_with = _timed(Selecting(prover), problem)
    checked = [recheck(problem, result, Limits(SECONDS)).ok for result in (plain, selected)]
    return Answer(asked, (plain, selected), (seconds, seconds_with), (checked[0], checked[1]))


def _together(asked: Asked, others: Sequence[Formula]) -> Problem:
    problem = asked.problem
    premises = _shuffled([*problem.premises, *others], f"{asked.name} together")
    return Problem(tuple(premises), problem.goal, problem.negation, problem.flags)


def _timed(prover: Prover, problem: Problem) -> tuple[Result, float]:
    start = time.perf_counter()
    result = prover.prove(problem, Limits(SECONDS))
    return result, time.perf_counter() - start


# --- summing up ----------------------------------------------------------------------------


def _summary(answers: Sequence[Answer]) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "problems": len(answers),
        "by_source": dict(Counter(one.asked.source for one in answers)),
    }
    for way, index in (("without", 0), ("with", 1)):
        results = [(one, one.results[index]) for one in answers]
        decided = [one for one, r in results if r.outcome is one.asked.known]
        wrong = [one for one, r in results if r.outcome in _contradicting(one.asked.known)]
        conclusive = [one for one, r in results if r.conclusive]
        figures[way] = {
            "decided": len(decided),
            "decided_percent": round(100 * len(decided) / max(1, len(answers)), 1),
            "over_limit": sum(one.seconds[index] > SECONDS for one in answers),
            "wrong": len(wrong),
            "wrong_ids": [one.asked.name for one in wrong],
            "outcomes": dict(sorted(Counter(str(r.outcome) for _, r in results).items())),
            "undecided_ids": [o.asked.name for o, r in results if r.outcome is not o.asked.known],
            "conclusive": len(conclusive),
            "rechecked": sum(one.checked[index] for one in conclusive),
            "median_seconds": round(statistics.median(o.seconds[index] for o in answers), 2),
            "slowest_seconds": round(max(one.seconds[index] for one in answers), 2),
        }
    return figures


def _contradicting(known: Outcome) -> frozenset[Outcome]:
    """What cannot be said of premises that decide the goal so."""
    return frozenset({Outcome.PROVED, Outcome.REFUTED, Outcome.INDEPENDENT}) - {known}
