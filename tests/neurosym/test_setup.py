"""``neurosym setup lean`` and what ``neurosym doctor`` says of Lean."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from provers.lean.toolchain import Toolchain
from tests.neurosym.test_cli import ARGV, environment, neurosym, one_sentence


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**environment(), **variables}
    return subprocess.run([*ARGV, *arguments], capture_output=True, text=True, env=env, timeout=120)


def test_setup_when_lean_is_there(lean_toolchain: Toolchain) -> None:
    done = neurosym("setup", "lean", "--offline", "--json")
    assert done.returncode == 0
    assert done.stderr == ""
    found = json.loads(done.stdout)
    assert (found["kind"], found["version"]) == (lean_toolchain.kind, lean_toolchain.version)
    assert lean_toolchain.version in neurosym("setup", "lean", "--check").stdout


def test_setup_offline(tmp_path: Path) -> None:
    done = run("setup", "lean", "--offline", NEUROSYM_LEAN="embedded", NEUROSYM_CACHE=str(tmp_path))
    assert done.returncode == 3
    assert "--offline" in one_sentence(done)


def test_check_where_there_is_none(tmp_path: Path) -> None:
    done = run("setup", "lean", "--check", NEUROSYM_LEAN="embedded", NEUROSYM_CACHE=str(tmp_path))
    assert done.returncode == 3
    assert "run neurosym setup lean" in one_sentence(done)


def test_a_wrong_choice(tmp_path: Path) -> None:
    done = run("setup", "lean", NEUROSYM_LEAN=str(tmp_path / "nothing"))
    assert done.returncode == 3
    assert "NEUROSYM_LEAN" in one_sentence(done)


def test_doctor_shows_lean_and_node(lean_toolchain: Toolchain) -> None:
    parts = {p["name"]: p for p in json.loads(neurosym("doctor", "--json").stdout)["parts"]}
    assert parts["lean"]["version"] == lean_toolchain.version
    assert lean_toolchain.kind in parts["lean"]["use"]
    assert parts["lean"]["where"] == str(lean_toolchain.root)
    if lean_toolchain.kind == "embedded":
        assert parts["node"]["where"] == str(lean_toolchain.program)


def test_doctor_without_lean(tmp_path: Path) -> None:
    done = run("doctor", "--json", NEUROSYM_LEAN="embedded", NEUROSYM_CACHE=str(tmp_path))
    assert done.returncode == 0
    parts = {p["name"]: p for p in json.loads(done.stdout)["parts"]}
    assert parts["lean"]["version"] is None
    assert parts["lean"]["install"] == "neurosym setup lean"


def test_help_has_an_example() -> None:
    assert "Example: neurosym setup lean" in neurosym("setup", "lean", "--help").stdout
    assert "lean" in neurosym("setup", "--help").stdout
