"""Lean statements: the negation test on gold and on corrupted ones, and what a model writes.

``gold`` are miniF2F's statements that core Lean can say: those that elaborate with
``NeuroSym.Compat`` in front in place of Mathlib. They are believed to be right, so the negation
test should reject none of them; what it rejects is listed. ``negated`` and ``changed`` are every
second of them with the conclusion negated, and with the last number of the conclusion one larger:
these are wrong, except where the conclusion does not depend on the number. Only what Lean can
decide is rejected, so ``kept proved`` among the gold ones says how many can be expected.

``model`` are statements that a model (the default one, or ``NEUROSYM_BENCHMARK_MODEL``) writes for
the informal texts of every second gold statement; ``problems`` are GSM8K questions as SMT-LIB.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import proofwriter
from benchmarks.models import open_benchmark_model
from neurosym.llm.base import Model
from neurosym.translate import negation
from neurosym.translate.equations import translate_equations
from neurosym.translate.negation import StatementTest, peel
from neurosym.translate.statements import translate_statement
from provers.base import LeanProof, Limits
from provers.errors import MissingToolError
from provers.lean import toolchain
from provers.lean.base import Checker
from provers.lean.binders import Statement, read_statement
from provers.lean.pool import Pool, default_workers
from provers.lean.source import bare_statement, split_header, without_proof
from provers.z3 import Z3Prover

FILE = "bench/minif2f_valid.jsonl"
QUESTIONS = "bench/gsm8k_train_1000.jsonl"
HEADER = "import NeuroSym.Compat\n\nopen BigOperators Real Nat Topology Rat\n\n"
SECONDS = 4.0  # for one negation test
WORKERS = 2
TEXTS = 20  # informal texts that the model states
PROBLEMS = 12  # questions that it writes as SMT-LIB
_NUMBER = re.compile(r"(?<![\w.^₀-₉])(?<!\^ )\d+(?![\w.])")


def run(data: Path, limit: int | None) -> dict[str, Any]:
    """All parts; those of the model say so where no model is set up."""
    workers = min(WORKERS, default_workers())
    checker = Pool(toolchain.ensure(), workers=workers)
    prover = Z3Prover()
    try:
        records = [json.loads(ln) for ln in (data / FILE).read_text("utf-8").splitlines()]
        sayable = [r for r in records[:limit] if _elaborates(checker, _statement(r))]
        gold = [_statement(record) for record in sayable]
        figures: dict[str, Any] = {
            "records": len(records[:limit]),
            "seconds_per_statement": SECONDS,
            "workers": workers,
            "gold": _tested(checker, gold, workers),
            "negated": _tested(checker, [t for s in gold[::2] if (t := negated(s))], workers),
            "changed": _tested(checker, [t for s in gold[::2] if (t := changed(s))], workers),
        }
        try:
            model = open_benchmark_model()
        except MissingToolError as error:
            figures["model"] = figures["problems"] = str(error)
            return figures
        try:
            texts = [record["informal"] for record in sayable[::2]][:TEXTS]
            figures["model"] = _stated(checker, model, texts)
            questions = proofwriter.records(data / QUESTIONS, min(PROBLEMS, limit or PROBLEMS))
            figures["problems"] = _solved(prover, model, list(questions))
        finally:
            model.close()
    finally:
        prover.close()
        checker.close()
    return figures


def _statement(record: dict[str, Any]) -> str:
    return HEADER + bare_statement(record["formal_statement"])


def _elaborates(checker: Checker, statement: str) -> bool:
    source = split_header(without_proof(statement))
    reply = checker.ask(source.header, {"op": "check", "code": source.body}, Limits(60.0))
    return reply.body is not None and reply.body["errors"] is False


def negated(statement: str) -> str | None:
    """The statement with the negation of its conclusion, under the same hypotheses."""
    read = _peeled(statement)
    return None if read is None else _written(read, f"¬ ({read.conclusion})")


def changed(statement: str) -> str | None:
    """The statement with the last number of its conclusion one larger; None if it has none."""
    read = _peeled(statement)
    found = list(_NUMBER.finditer(read.conclusion)) if read else []
    if read is None or not found:
        return None
    last = found[-1]
    text = read.conclusion
    return _written(read, f"{text[: last.start()]}{int(last.group()) + 1}{text[last.end() :]}")


def _peeled(statement: str) -> Statement | None:
    read = read_statement(statement)
    return None if read is None else peel(read)


def _written(read: Statement, conclusion: str) -> str:
    changed = replace(read, conclusion=conclusion)
    return bare_statement(read.preamble + changed.declare(read.name, "sorry"))


def _tested(checker: Checker, statements: list[str], workers: int) -> dict[str, Any]:
    start = time.perf_counter()
    with ThreadPoolExecutor(workers) as threads:
        tests = list(threads.map(lambda s: _test(checker, s), statements))
    figures = _verdicts(tests) | {"seconds": round(time.perf_counter() - start, 1)}
    held = [negation.recheck(t, checker).ok for t in tests if isinstance(t.evidence, LeanProof)]
    figures["proofs"] = len(held)
    figures["proofs_hold"] = sum(held)
    return figures


def _test(checker: Checker, statement: str) -> StatementTest:
    return negation.test_statement(statement, checker, Limits(SECONDS))


def _verdicts(tests: list[StatementTest]) -> dict[str, Any]:
    rejected = [t for t in tests if t.verdict == "rejected"]
    return {
        "statements": len(tests),
        "rejected": len(rejected),
        "verdicts": dict(Counter(f"{t.verdict} {t.reason}".strip() for t in tests)),
        "rejections": [
            {"statement": t.statement.removeprefix(HEADER), "reason": t.reason} for t in rejected
        ],
    }


def _stated(checker: Checker, model: Model, texts: list[str]) -> dict[str, Any]:
    """Statements of the model: before and after Lean's complaints, and under the test."""
    start = time.perf_counter()
    found = [translate_statement(text, model, checker, rounds=2) for text in texts]
    spent = time.perf_counter() - start
    tests = [_test(checker, f.statement) for f in found if f.statement]
    return {
        "model": model.name,
        "texts": len(found),
        "elaborate_at_once": sum(f.at_once for f in found),
        "elaborate_after_complaints": sum(f.elaborated for f in found),
        "tokens": sum(f.tokens for f in found),
        "seconds": round(spent, 1),
        "test": _verdicts(tests),
        "statements": [f.statement.partition("\n\n")[2] for f in found],
    }


def _solved(prover: Z3Prover, model: Model, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Questions as SMT-LIB: scripts that determine a value, and values that are the answer."""
    start = time.perf_counter()
    found = [translate_equations(r["question"], model, prover, rounds=2) for r in records]
    answers = [str(record["gold_answer"]).replace(",", "") for record in records]
    return {
        "questions": len(found),
        "determined_at_once": sum(f.at_once for f in found),
        "determined_after_complaints": sum(f.formed for f in found),
        "right": sum(str(f.value) == answer for f, answer in zip(found, answers, strict=True)),
        "unfaithful": sum("unfaithful" in f.flags for f in found),
        "tokens": sum(f.tokens for f in found),
        "seconds": round(time.perf_counter() - start, 1),
    }
