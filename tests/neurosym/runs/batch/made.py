"""Runs that are written instead of run, for what is told of them."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neurosym.runs.batch.base import Attempt, Configuration, deflated
from neurosym.runs.batch.folder import LEDGER, MANIFEST, RunFolder
from neurosym.runs.batch.ledger import Ledger, Problem
from neurosym.runs.batch.manifest import InputFile, Manifest

VERSIONS = {"neurosym": "0.1.0", "z3-solver": "4.15.4.0"}
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Made:
    """A problem with its attempts; each attempt is what differs from a proof by z3 in 0.1 s."""

    id: str
    attempts: Sequence[dict[str, Any]] = ({},)
    form: str = "records"
    kind: str = "prove"
    gold: str | None = None
    stopped: str = "all"
    content: str = ""
    chosen: int = 0
    tries: int = 0
    file: str = "problems.jsonl"
    fields: dict[str, Any] = field(default_factory=dict)


def attempt(sample: int, **changes: Any) -> Attempt:
    """An attempt that proved something, but for the changes."""
    outcome = changes.get("outcome", "proved")
    usual: dict[str, Any] = {
        "sample": sample,
        "outcome": outcome,
        "reason": "",
        "solved": outcome == "proved",
        "answer": None,
        "prover": "z3",
        "seconds": 0.1,
        "prover_seconds": 0.08,
        "tokens": 0,
        "final": False,
        "again": False,
        "output": {"outcome": outcome, "messages": []},
    }
    given = {**usual, **changes}
    return Attempt(body=deflated(given.pop("output")), **given)


def problem(position: int, made: Made) -> tuple[list[tuple[int, Attempt]], Problem]:
    attempts = [attempt(i, **changes) for i, changes in enumerate(made.attempts)]
    chosen = attempts[made.chosen]
    ended = {
        "position": position,
        "id": made.id,
        "form": made.form,
        "kind": made.kind,
        "file": made.file,
        "line": position + 1,
        "digest": hashlib.sha256((made.content or made.id).encode()).hexdigest(),
        "gold": made.gold,
        "outcome": chosen.outcome,
        "reason": chosen.reason,
        "answer": chosen.answer,
        "correct": None
        if made.gold is None or chosen.answer is None
        else chosen.answer == made.gold,
        "solved": any(a.solved for a in attempts),
        "chosen": made.chosen,
        "votes": 1,
        "attempts": len(attempts),
        "successes": sum(a.solved for a in attempts),
        "prover": chosen.prover,
        "seconds": sum(a.seconds for a in attempts),
        "prover_seconds": sum(a.prover_seconds for a in attempts),
        "tokens": sum(a.tokens for a in attempts),
        "tries": made.tries,
        "stopped": made.stopped,
        **made.fields,
    }
    return [(position, a) for a in attempts], Problem(**ended)


def write_run(
    path: Path,
    problems: Iterable[Made],
    *,
    records: int | None = None,
    versions: dict[str, str] = VERSIONS,
    file: InputFile | None = None,
    **configuration: Any,
) -> RunFolder:
    """A run's folder with these problems finished; ``records`` are more where it is incomplete."""
    path.mkdir(parents=True, exist_ok=True)
    ledger = Ledger.open(path / LEDGER)
    number = 0
    made, ended = [], []
    try:
        for number, one in enumerate(problems, 1):
            attempts, done = problem(number - 1, one)
            made += attempts
            ended.append(done)
            if len(ended) >= _AT_ONCE:
                ledger.write(made, ended)
                made, ended = [], []
        ledger.write(made, ended)
    finally:
        ledger.close()
    manifest = Manifest(
        created="2026-01-02T03:04:05+00:00",
        inputs=("problems.jsonl",),
        files=(
            file
            or InputFile(
                given="problems.jsonl",
                file="problems.jsonl",
                form="records",
                sha256="ab" * 32,
                bytes=123,
            ),
        ),
        records=number if records is None else records,
        bad=0,
        configuration=Configuration(**configuration),
        versions=versions,
    )
    (path / MANIFEST).write_text(manifest.model_dump_json())
    return RunFolder(path)


def peak(call: Callable[[], object]) -> int:
    """The most bytes that Python holds during a call; less of two, as the first fills caches."""
    found = []
    for _ in range(2):
        tracemalloc.start()
        call()
        found.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return min(found)
