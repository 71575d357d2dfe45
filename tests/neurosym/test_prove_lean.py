"""``neurosym prove`` for Lean: records, files, folders, and a machine without Lean."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from provers.lean.toolchain import Toolchain

ROOT = Path(__file__).resolve().parents[2]
ARGV = [sys.executable, "-c", "from neurosym.cli import main; main()", "prove"]


def prove(
    *arguments: str, stdin: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*ARGV, "--no-daemon", "--timeout", "240", *arguments],
        input=stdin.encode(),
        capture_output=True,
        timeout=600,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120", **(env or {})},
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


@pytest.fixture(scope="module")
def no_lean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which Lean is not there and cannot be set up."""
    empty = tmp_path_factory.mktemp("empty")
    return {"NEUROSYM_LEAN": "native", "ELAN_HOME": str(empty), "PATH": str(empty)}


def test_records(lean_toolchain: Toolchain) -> None:
    records: list[dict[str, Any]] = [
        {"id": "code", "language": "lean4", "code": "theorem t : 1 + 1 = 2 := rfl"},
        {"id": "found", "statement": "theorem t (x : Nat) (h : x > 3) : x > 2"},
        {"id": "refuted", "statement": "theorem t (x : Nat) (h : x > 3) : x < 20"},
        {"id": "both", "code": "theorem t : 1 = 1 := rfl", "statement": "theorem t : 1 = 1"},
        {"id": "changed", "code": "theorem t : 1 = 1 := rfl", "statement": "theorem t : 2 = 2"},
        {"id": "ill", "statement": "theorem t : 1 + = 2"},
        {"id": "fol", "language": "fol", "premises": ["P(a)"], "goal": "P(a)"},
        {"id": "neither"},
    ]
    text = "\n".join(map(json.dumps, records))
    done = prove("-", "--language", "lean4", "--json", "--recheck", stdin=text)
    found = {r["id"]: r for r in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert {k: r["outcome"] for k, r in found.items()} == {
        "code": "proved",
        "found": "proved",
        "refuted": "refuted",
        "both": "proved",
        "changed": "unknown",
        "ill": "ill_formed",
        "fol": "proved",
        "neither": "ill_formed",
    }
    held = ("code", "found", "refuted", "both", "fol")
    assert all(found[k]["recheck"]["ok"] for k in held)
    assert found["refuted"]["messages"][0]["text"] == "counterexample: x = 20"
    assert found["refuted"]["evidence"]["kind"] == "lean"
    assert found["changed"]["flags"] == ["statement_changed"]


def test_files_and_folders(lean_toolchain: Toolchain, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / ".lake").mkdir()
    (tmp_path / "a" / "good.lean").write_text("theorem t : 1 = 1 := rfl\ntheorem u : 2 = 2 := rfl")
    (tmp_path / "b.lean").write_text("theorem t : 1 = 1 := rfl\ntheorem u : 2 = 2 := sorry")
    (tmp_path / "empty.lean").write_text("")
    (tmp_path / "nul.lean").write_bytes(b"theorem t : \0")
    (tmp_path / ".lake" / "other.lean").write_text("theorem t : 1 = 2 := sorry")
    done = prove(str(tmp_path), "--json")
    found = {r["id"]: r for r in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 1
    assert {k: (r["outcome"], r["reason"]) for k, r in found.items()} == {
        "a/good.lean": ("proved", ""),
        "b.lean": ("unknown", "incomplete"),
        "empty.lean": ("ill_formed", ""),
        "nul.lean": ("ill_formed", ""),
    }
    assert found["b.lean"]["messages"][0]["text"] == "not proved: u"
    one = prove(str(tmp_path / "a" / "good.lean"))
    assert one.returncode == 0
    assert "good: proved" in one.stdout
    assert "axioms: none" in one.stdout


def test_folder_without_lean_files(tmp_path: Path) -> None:
    done = prove(str(tmp_path))
    assert done.returncode == 2
    assert "no .lean file" in done.stderr


def test_premises_are_not_for_lean() -> None:
    done = prove("--language", "lean4", "--premise", "P(a)", "--goal", "theorem t : True")
    assert done.returncode == 2
    assert "--premise" in done.stderr


def test_one_problem_without_lean(no_lean: dict[str, str]) -> None:
    done = prove("--language", "lean4", "--goal", "theorem t : 1 = 1", env=no_lean)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "NEUROSYM_LEAN" in done.stderr


def test_missing_lean_fails_lean_records_alone(no_lean: dict[str, str]) -> None:
    records = [
        {"id": "lean", "language": "lean4", "statement": "theorem t : 1 = 1"},
        {"id": "fol", "premises": ["P(a)"], "goal": "P(a)"},
        {"id": "again", "language": "lean4", "code": "theorem t : 1 = 1 := rfl"},
    ]
    text = "\n".join(map(json.dumps, records))
    done = prove("-", "--json", stdin=text, env=no_lean)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [r["outcome"] for r in found] == ["failed", "proved", "failed"]
    assert all("NEUROSYM_LEAN" in r["messages"][0]["text"] for r in found[::2])
