"""LINC's recorded samples, voted on: its own majority vote against repair and clusters.

Olausson et al. 2023 take, of ten formalisations a problem (ProofWriter: five), the verdict that
Prover9 gives most often, samples it cannot read left out and ties going to the verdict met
first; that is counted from the recorded verdicts. Here the recorded texts alone go in. Each is
repaired (``neurosym.translate.repair``), decided by Z3 with evidence, clustered with the
problem's other samples by equivalence up to names, and they vote.

The principle of the vote: agreement is to write one thing several times, whatever its spelling,
so the verdict is that of the formalisation written most often; and "independent" abstains where
repair left a doubt, since a name split in two or a premise lost makes things independent that
are not. Labels are used to count right answers and for nothing else; other ways to vote that were
tried are in LOG.md. ``repair`` has no clusters (each sample counted has a vote), ``clusters`` no
repair, ``plain`` neither.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from benchmarks.linc import FILES, WORDS, formulas
from neurosym.translate.clusters import cluster_problems
from neurosym.translate.repair import Repaired, repair_problem
from neurosym.translate.votes import Ballot, elect
from provers.base import Limits, Outcome, Problem, Result
from provers.errors import InputError
from provers.problems import read_problem
from provers.z3 import Z3Prover

SECONDS = 5
_CLUSTERING = Limits(2)


@dataclass(frozen=True, slots=True)
class Sample:
    """One recorded text, read: None where it cannot be. ``outcome`` is Z3's."""

    read: Repaired | None
    outcome: Outcome


class Decider:
    """Answers each question once and re-checks every conclusive answer."""

    def __init__(self) -> None:
        self.judge = Judge(Z3Prover(), SECONDS)
        self._known: dict[Problem, Result] = {}

    def prove(self, problem: Problem) -> Result:
        if problem not in self._known:
            self._known[problem] = self.judge.prove(problem)
        return self._known[problem]

    def compare(self, problem: Problem) -> Result:
        """For clustering: shorter, and not among the verdicts that are counted."""
        return self.judge.prover.prove(problem, _CLUSTERING)


def run(data: Path, limit: int | None) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for name in FILES:
        path = data / "recorded" / f"{name}.jsonl"
        records = [json.loads(line) for line in path.open(encoding="utf-8")]
        problems: dict[int, list[dict[str, Any]]] = {}
        for record in records:
            problems.setdefault(record["problem"], []).append(record)
        figures[name] = _file(list(problems.values())[:limit])
    ways = next(iter(figures.values()))["accuracy_percent"]
    figures["mean_accuracy_percent"] = {
        way: round(sum(figures[name]["accuracy_percent"][way] for name in FILES) / len(FILES), 2)
        for way in ways
    }
    return figures


def _file(problems: list[list[dict[str, Any]]]) -> dict[str, Any]:
    decider = Decider()
    decider.prove(Problem(()))  # the worker is up before the clock runs
    right: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    repairs: Counter[str] = Counter()
    changed: list[dict[str, Any]] = []
    seconds = dict.fromkeys(("plain", "repair", "clustering"), 0.0)
    try:
        for records in problems:
            start = time.perf_counter()
            plain = [_plain(record["text"], decider) for record in records]
            seconds["plain"] += time.perf_counter() - start
            start = time.perf_counter()
            mended = [_repaired(record["text"], decider) for record in records]
            seconds["repair"] += time.perf_counter() - start
            _count(records, plain, mended, counts, repairs)
            start = time.perf_counter()
            both = _ballots(mended, decider, counts)
            seconds["clustering"] += time.perf_counter() - start
            vote = elect(both)
            counts["ties"] += bool(vote.tied)
            counts["doubtful_votes"] += vote.doubtful
            recorded = _first_most(r["prover9"] for r in records if r["prover9"] != "Error")
            answers = {
                "recorded": recorded,
                "plain": _first_most(WORDS[s.outcome] for s in plain if s.outcome in WORDS),
                "repair": _first_most(WORDS[b.outcome] for b in _counted(both)),
                "clusters": _word(elect(_ballots(plain, decider)).outcome),
                "both": _word(vote.outcome),
            }
            gold = records[0]["gold"]
            right.update({way: answer == gold for way, answer in answers.items()})
            if (answers["both"] == gold) != (recorded == gold):
                said = {k: answers[k] for k in ("recorded", "both")}
                changed.append({"problem": records[0]["problem"], "gold": gold} | said)
    finally:
        decider.judge.close()
    return {
        "problems": len(problems),
        "right": dict(right),
        "accuracy_percent": {
            w: round(100 * n / max(1, len(problems)), 2) for w, n in right.items()
        },
        **dict(counts),
        "samples_with_repair": dict(repairs.most_common()),
        "judged": decider.judge.figures(),
        "seconds": {part: round(spent, 1) for part, spent in seconds.items()},
        "changed": changed,
    }


def _plain(text: str, decider: Decider) -> Sample:
    lines = formulas(text)
    try:
        problem = read_problem(lines[:-1], lines[-1] if lines else "", "nltk")
    except InputError:
        return Sample(None, Outcome.ILL_FORMED)
    return Sample(Repaired(problem), decider.prove(problem).outcome)


def _repaired(text: str, decider: Decider) -> Sample:
    lines = formulas(text)
    try:
        read = repair_problem(lines[:-1], lines[-1] if lines else "", "nltk", decider.prove)
    except InputError:
        return Sample(None, Outcome.ILL_FORMED)
    return Sample(read, decider.prove(read.problem).outcome)


def _ballots(
    samples: list[Sample], decider: Decider, counts: Counter[str] | None = None
) -> list[Ballot]:
    read = [(s.read, s.outcome) for s in samples if s.read is not None]
    clustering = cluster_problems([one.problem for one, _ in read], decider.compare)
    where = {i: n for n, cluster in enumerate(clustering.clusters) for i in cluster.members}
    if counts is not None:
        counts["clusters"] += len(clustering.clusters)
        counts["clustering_asked"] += clustering.asked
        counts["clustering_unknown"] += clustering.unknown
    return [Ballot(outcome, where[i], one.trusts(outcome)) for i, (one, outcome) in enumerate(read)]


def _counted(ballots: list[Ballot]) -> list[Ballot]:
    """The ballots that ``elect`` counts, for a vote that does without clusters."""
    with_verdict = [ballot for ballot in ballots if ballot.outcome in WORDS]
    return [ballot for ballot in with_verdict if ballot.trusted] or with_verdict


def _first_most(words: Iterable[str]) -> str:
    """LINC's vote: the word met most often, the first met of several such."""
    most = Counter(words).most_common(1)
    return most[0][0] if most else "none"


def _word(outcome: Outcome | None) -> str:
    return "none" if outcome is None else WORDS[outcome]


def _count(
    records: list[dict[str, Any]],
    plain: list[Sample],
    mended: list[Sample],
    counts: Counter[str],
    repairs: Counter[str],
) -> None:
    for record, before, after in zip(records, plain, mended, strict=True):
        counts["samples"] += 1
        error = record["prover9"] == "Error"
        counts["recorded_errors"] += error
        counts["unread_before_repair"] += before.read is None
        counts["unread_after_repair"] += after.read is None
        if after.read is None:
            continue
        verdict = after.outcome in WORDS and after.read.trusts(after.outcome)
        counts["recorded_errors_recovered"] += error and verdict
        counts["contradictory_premises"] += after.outcome is Outcome.INCONSISTENT
        counts["with_dropped_premises"] += bool(after.read.dropped)
        counts["in_doubt"] += after.outcome in WORDS and not verdict
        repairs.update({repair.kind for repair in after.read.repairs})
