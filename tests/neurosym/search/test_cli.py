"""``neurosym prove --search``: records in, results with how the search went out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from neurosym.llm.opening import open_model
from neurosym.llm.recorded import Recorder
from neurosym.search import find
from provers.base import Limits, Outcome
from provers.errors import MissingToolError
from provers.lean.pool import Pool
from tests.neurosym.search.models import Writer

ROOT = Path(__file__).resolve().parents[3]
ARGV = [sys.executable, "-c", "from neurosym.cli import main; main()", "prove", "--no-daemon"]
SWAP = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p"
FALSE = "theorem t (n : Nat) : n * n ≥ 2 * n"


def prove(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*ARGV, *arguments],
        input=stdin.encode(),
        capture_output=True,
        timeout=300,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"},
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def test_records(lean_checker: Pool, tmp_path: Path) -> None:
    recording = tmp_path / "answers.jsonl"
    model = Recorder(Writer([["nonsense"], ["exact h.symm"]]), recording)
    find(SWAP, checker=lean_checker, model=model, samples=1, rounds=1, limits=Limits(120))
    model.close()
    records = [
        {"id": "found", "statement": SWAP},
        {"id": "refuted", "statement": FALSE},
        {"id": "given", "code": f"{SWAP} := h.symm", "statement": SWAP},
    ]
    words = ["--search", "whole", "--model", str(recording), "--samples", "1", "--rounds", "1"]
    text = "\n".join(map(json.dumps, records))
    done = prove(
        "-",
        *("--language", "lean4", "--json", "--recheck", "--timeout", "120", *words),
        stdin=text,
    )
    found = {r["id"]: r for r in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1, done.stderr
    assert {k: r["outcome"] for k, r in found.items()} == {
        "found": "proved",
        "refuted": "refuted",
        "given": "proved",
    }
    assert all(record["recheck"]["ok"] for record in found.values())
    search = found["found"]["search"]
    assert (search["mode"], search["model"], search["proof"]) == ("whole", "writer", "exact h.symm")
    assert [(a["round"], a["proof"]) for a in search["attempts"]] == [
        (0, "nonsense"),
        (1, "exact h.symm"),
    ]
    assert "search" in found["refuted"] and "search" not in found["given"]


def test_a_search_has_no_server_and_needs_its_model(tmp_path: Path) -> None:
    words = ["--language", "lean4", "--goal", SWAP, "--search", "whole"]
    remote = prove(*words, "--server", "http://127.0.0.1:9")
    assert (remote.returncode, "--search" in remote.stderr) == (2, True)
    missing = prove(*words, "--model", str(tmp_path / "nothing.jsonl"))
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)


@pytest.mark.model
def test_the_default_model(lean_checker: Pool) -> None:
    try:
        model = open_model("default")
    except MissingToolError as error:
        pytest.skip(str(error))
    statement = "theorem t (a b : Nat) (h : a < b) : a + 1 < b + 1"
    try:
        found = find(
            statement, checker=lean_checker, model=model, samples=1, rounds=0, limits=Limits(60)
        )
    finally:
        model.close()
    # What it writes is up to it; what it is told is not.
    assert found.result.outcome in (Outcome.PROVED, Outcome.UNKNOWN), found
    assert (found.result.outcome is Outcome.PROVED) == bool(found.proof)
    assert found.result.conclusive == (found.result.evidence is not None and bool(found.proof))
    assert found.model.startswith("gguf:")
