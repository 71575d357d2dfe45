"""The default local model as translator, against the same model asked for the answer.

ProofWriter and PrOntoQA problems are paraphrased out of the controlled grammar
(``benchmarks.paraphrase``), so that rules read none of their sentences. Asked directly, the model
gets text and question and answers along a grammar of the options, greedily. As a translator it gets
one sentence at a time, and provers answer. A verdict that other samples would change is
``ambiguous``; it is counted as no answer in ``verdicts`` and by its majority in ``answers``. Where
that is none of the problem's options (nothing decided; "unknown" of a PrOntoQA problem, which is
true or false), ``with_guesses`` counts the model's own answer instead, as Logic-LM (Pan et al.
2023) falls back on it; ``guessed`` says how often, and how often it was right.

The problems that prompts and grammars were developed on (``DEVELOPED_ON``) are left out. Of the
``PROBLEMS`` drawn from each set, the first ``ASKED`` are asked: each takes this model about half a
minute of two cores.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.judge import Judge
from benchmarks.models import open_benchmark_model
from benchmarks.paraphrase import problems
from neurosym.llm.base import Model
from neurosym.translate.model import Formalization, Sampling
from neurosym.verify.base import Report, Verdict
from neurosym.verify.guess import choose
from neurosym.verify.modelling import Modelling
from neurosym.verify.pipeline import Verification
from neurosym.verify.records import record_of
from provers.base import Limits
from provers.z3 import Z3Prover

PROBLEMS = 60
ASKED = 60
SEED = 2026
SETS = ("proofwriter", "prontoqa")
DEVELOPED_ON = 7
SAMPLING = Sampling(samples=3, rounds=0, eager=True)
_LETTERS = {Verdict.PROVED: "A", Verdict.REFUTED: "B", Verdict.INDEPENDENT: "C"}


def run(data: Path, limit: int | None) -> dict[str, Any]:
    model = open_benchmark_model()
    prover = Z3Prover()
    try:
        chosen = _chosen(data, PROBLEMS)[: 2 * (limit or ASKED)]
        return _measured(chosen, model, prover)
    finally:
        prover.close()
        model.close()


def _chosen(data: Path, count: int) -> list[dict[str, Any]]:
    """``count`` problems of each set, none of which was developed on."""
    seen = {problem["id"] for problem in problems(data, 8, DEVELOPED_ON)}
    drawn = [p for p in problems(data, count + 16, SEED) if p["id"] not in seen]
    found: list[dict[str, Any]] = []
    sets = [[p for p in drawn if p["id"].startswith(name)][:count] for name in SETS]
    for pair in zip(*sets, strict=True):
        found += pair
    return found


def _measured(chosen: list[dict[str, Any]], model: Model, prover: Z3Prover) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    judge = Judge(prover)
    rows: list[dict[str, Any]] = []
    asked = seconds = 0.0
    for problem in chosen:
        direct, spent = _direct(problem, model)
        asked += spent
        report, done = _verified(problem, model, prover)
        seconds += report.translation.seconds if report.translation is not None else 0.0
        _count(done, counts)
        rows.append(_row(problem, report, direct))
        sys.stderr.write(f"{len(rows)} of {len(chosen)}: {rows[-1]}\n")
        for step in report.steps:
            for claim in step.claims:
                if claim.result.conclusive:
                    judge.check(claim.problem, claim.result)
    for name in SETS:
        figures[name] = _accuracy([row for row in rows if row["id"].startswith(name)])
    figures["all"] = _accuracy(rows)
    generated, parsed = counts["generated"], counts["parsed"]
    figures["generation"] = {
        **dict(counts),
        "parsed_percent": round(100 * parsed / max(1, generated), 2),
        "typed_after_repair_percent": round(
            100 * counts["sentences_typed"] / max(1, counts["sentences"]), 2
        ),
    }
    return {
        **figures,
        "model": model.name,
        "samples": SAMPLING.samples,
        "rounds": SAMPLING.rounds,
        "direct_model_seconds": round(asked, 1),
        "model_seconds": round(seconds, 1),
        "evidence": judge.figures(),
        "problems": rows,
    }


def _direct(problem: dict[str, Any], model: Model) -> tuple[str, float]:
    """The letter that the model answers, greedily, and its seconds."""
    answer = choose(model, problem["context"], problem["question"], problem["options"])
    return answer.answer, answer.seconds


def _verified(
    problem: dict[str, Any], model: Model, prover: Z3Prover
) -> tuple[Report, Sequence[Formalization]]:
    *premises, statement = [sentence["paraphrase"] for sentence in problem["sentences"]]
    record = record_of({"id": problem["id"], "premises": premises, "steps": [statement]})
    verification = Verification(record, prover, Limits(10), Modelling(model, SAMPLING))
    for _ in verification:
        pass
    return verification.report(), verification.formalizations


def _count(done: Sequence[Formalization], counts: Counter[str]) -> None:
    """Of what was generated along the logic's grammar: what was whole, parsed and fitted."""
    for one in done:
        counts["sentences"] += 1
        counts["sentences_typed"] += one.formula is not None
        for attempt in one.attempts:
            counts[f"{attempt.route}: {attempt.fault or 'good'}"] += 1
            if attempt.route == "logic" and attempt.fault != "cut_off":
                counts["generated"] += 1
                counts["parsed"] += attempt.fault != "syntax"


def _row(problem: dict[str, Any], report: Report, direct: str) -> dict[str, Any]:
    (step,) = report.steps
    majority = step.claims[0].majority if step.claims else None
    answered = str(majority or step.verdict)
    options = {option[0] for option in problem["options"]}
    return {
        "id": problem["id"],
        "gold": problem["answer"],
        "direct": direct,
        "verdict": str(step.verdict),
        "majority": answered,
        "guessed": _letter(answered) not in options,
        "tokens": report.translation.tokens if report.translation is not None else 0,
    }


def _accuracy(rows: list[dict[str, Any]]) -> dict[str, Any]:
    def share(key: str) -> float:
        right = sum(_letter(row[key]) == row["gold"] for row in rows)
        return round(100 * right / max(1, len(rows)), 2)

    guessed = [row for row in rows if row["guessed"]]
    answers = [_letter(row["direct" if row["guessed"] else "majority"]) for row in rows]
    right = sum(answer == row["gold"] for answer, row in zip(answers, rows, strict=True))
    return {
        "problems": len(rows),
        "direct_percent": share("direct"),
        "verdicts_percent": share("verdict"),
        "answers_percent": share("majority"),
        "with_guesses_percent": round(100 * right / max(1, len(rows)), 2),
        "guessed": len(guessed),
        "guessed_right": sum(row["direct"] == row["gold"] for row in guessed),
        "verdicts": dict(Counter(row["verdict"] for row in rows)),
        "wrongly_proved_or_refuted": sum(
            row["verdict"] in ("proved", "refuted") and _letter(row["verdict"]) != row["gold"]
            for row in rows
        ),
    }


def _letter(answer: str) -> str:
    return next((letter for verdict, letter in _LETTERS.items() if verdict == answer), answer)
