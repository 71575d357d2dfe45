"""``neurosym setup lean`` and what ``neurosym doctor`` says of Lean."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from provers.lean import checkers, embedded, toolchain
from provers.lean.program import server_command
from provers.lean.toolchain import Toolchain
from tests.neurosym.test_cli import ARGV, environment, neurosym, one_sentence


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**environment(), **variables}
    return subprocess.run([*ARGV, *arguments], capture_output=True, text=True, env=env, timeout=600)


def test_setup_when_lean_is_there(lean_toolchain: Toolchain) -> None:
    done = run("setup", "lean", "--offline", "--json")
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


def test_check_where_a_native_one_is_forced(tmp_path: Path) -> None:
    nowhere = {"PATH": str(tmp_path), "ELAN_HOME": str(tmp_path)}
    cache = {"NEUROSYM_CACHE": str(tmp_path)}
    done = run("setup", "lean", "--check", NEUROSYM_LEAN="native", **nowhere, **cache)
    assert done.returncode == 3
    assert "NEUROSYM_LEAN is 'native', but no lean is on PATH" in one_sentence(done)


def test_compiling_is_the_last_stage(lean_toolchain: Toolchain) -> None:
    stages: list[str] = []
    found = checkers.set_up(offline=True, progress=lambda stage, done, total: stages.append(stage))
    assert found == lean_toolchain
    assert set(stages) == {"compile"}
    folder = found.root if found.kind == "embedded" else embedded.cache() / "lean"
    before = set((folder / "packages").iterdir())
    server_command(found, megabytes=2048)  # as a first server does: nothing is left to compile
    assert set((folder / "packages").iterdir()) == before


def test_the_first_check_sets_up_and_compiles(
    lean_toolchain: Toolchain, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[str] = []
    find = toolchain.find
    answers = iter([None])  # there is none when it is looked for first
    monkeypatch.setattr(toolchain, "find", lambda project=None: next(answers, find(project)))

    def tell(stage: str, done: int, total: int) -> None:
        stages.append(stage)

    checkers.open_checker(daemon=False, progress=tell).close()
    assert stages[-1:] == ["compile"]
    stages.clear()
    checkers.open_checker(daemon=False, progress=tell).close()
    assert stages == []


def test_a_lean_that_cannot_run(tmp_path: Path) -> None:
    program = tmp_path / "lean"
    program.write_text("no program")
    program.chmod(0o755)
    own = {"PATH": str(tmp_path), "ELAN_HOME": str(tmp_path), "NEUROSYM_CACHE": str(tmp_path)}
    for forced, told in (("", "neurosym setup lean"), (str(program), "NEUROSYM_LEAN")):
        done = run("doctor", "--json", NEUROSYM_LEAN=forced, **own)
        assert (done.returncode, done.stderr) == (0, "")
        parts = {p["name"]: p for p in json.loads(done.stdout)["parts"]}
        assert parts["lean"]["version"] is None
        assert told in parts["lean"]["install"]
    done = run("setup", "lean", NEUROSYM_LEAN=str(program), **own)
    assert done.returncode == 3
    assert "NEUROSYM_LEAN" in one_sentence(done)


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
