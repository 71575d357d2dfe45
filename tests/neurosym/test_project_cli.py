"""``neurosym project``: what each command says and writes, on a project of a real Lean."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from neurosym.cli import FOUND, OK, USAGE, run
from neurosym.cli.project import read_place
from neurosym.project.create import create
from provers.errors import InputError
from provers.lean import build, lake
from provers.lean.toolchain import Toolchain


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory, lean_toolchain: Toolchain) -> Iterator[Path]:
    """What ``project init`` makes, which builds at once."""
    folder = tmp_path_factory.mktemp("new") / "Fresh"
    create(folder, "Fresh")
    yield folder
    place = build.build(lean_toolchain, lake.read(folder)).path[0]
    shutil.rmtree(place)


def test_a_new_project_builds_and_says_what_is_open(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["project", "scan", str(fresh), "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["summary"]["verdicts"] == {"proved": 1, "sorry": 1}
    assert facts["summary"]["modules"] == 2 and not facts["modules"][0]["errors"]
    assert run(["project", "scan", str(fresh)]) == OK
    said = capsys.readouterr().out
    assert "Fresh/Basic.lean:16:3: Fresh.double_mod: ⊢ double n % 2 = 0" in said
    assert "2 theorems in 2 modules: 1 proved, 1 sorry" in said


def test_a_check_fails_in_every_form(
    fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["project", "check", str(fresh)]) == FOUND
    assert "Fresh/Basic.lean:15:1: warning: Fresh.double_mod" in capsys.readouterr().out
    out = tmp_path / "found.sarif"
    words = ["project", "check", str(fresh), "--format", "sarif", "--out", str(out)]
    assert run(words) == FOUND
    assert json.loads(out.read_text())["runs"][0]["results"][0]["ruleId"] == "sorry"
    capsys.readouterr()
    assert run(["project", "check", str(fresh), "--format", "github"]) == FOUND
    assert capsys.readouterr().out.startswith("::warning file=Fresh/Basic.lean,line=15")
    assert run(["project", "check", str(fresh), "--out", str(tmp_path / "no" / "f")]) == USAGE
    assert "cannot be written" in capsys.readouterr().err


def test_a_place_is_suggested_for(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = f"{fresh / 'Fresh' / 'Basic.lean'}:16:3"
    assert run(["project", "suggest", place, "--premises", "none", "--json"]) == OK
    advice = json.loads(capsys.readouterr().out)
    assert advice["goal"].endswith("⊢ double n % 2 = 0")
    assert "Fresh.double_eq" in advice["premises"] and advice["tactics"]
    assert run(["project", "suggest", str(fresh / "Fresh" / "Basic.lean")]) == USAGE
    assert "FILE:LINE:COL" in capsys.readouterr().err


def test_a_theorem_is_explained(
    fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "premises.dot"
    place = f"{fresh / 'Fresh' / 'Basic.lean'}:double_eq"
    assert run(["project", "explain", place, "--out", str(out), "--json"]) == OK
    facts = json.loads(capsys.readouterr().out)
    assert facts["outcome"] == "proved" and facts["rests_on"] == ["Fresh.double"]
    assert "Fresh.double" in out.read_text()
    assert run(["project", "explain", f"{fresh / 'Fresh' / 'Basic.lean'}:nothing"]) == USAGE


def test_a_project_is_traced(
    fresh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "traced"
    assert run(["project", "trace", str(fresh), "--out", str(out)]) == OK
    assert "2 theorems with 3 tactics" in capsys.readouterr().out
    assert json.loads((out / "metadata.json").read_text())["replayed"] == 3


def test_a_gap_is_shown_and_then_filled(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = fresh / "Fresh" / "Basic.lean"
    before = file.read_text()
    words = ["project", "prove", f"{file}:16", "--premises", "none", "--no-refute"]
    assert run([*words, "--dry-run"]) == OK
    said = capsys.readouterr().out
    assert "+++ b/Fresh/Basic.lean" in said and "1 sorries: 1 filled" in said
    assert file.read_text() == before
    assert run([*words, "--json"]) == OK
    (filled,) = json.loads(capsys.readouterr().out)["sorries"]
    assert filled["verdict"] == "proved" and filled["proof"] in file.read_text()
    assert "sorry" not in file.read_text().partition("namespace")[2]
    assert run(["project", "check", str(fresh)]) == OK
    assert "2 proved" in capsys.readouterr().out
    assert run(words) == USAGE  # nothing is open there
    assert "no sorry at line 16" in capsys.readouterr().err


def test_init_makes_what_it_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "clocks"
    assert run(["project", "init", str(folder)]) == OK
    assert "Clocks/Basic.lean" in capsys.readouterr().out
    assert (folder / "Clocks.lean").is_file()
    assert run(["project", "init", str(folder)]) == USAGE
    assert "holds something" in capsys.readouterr().err
    (folder / ".vscode" / "tasks.json").unlink()
    assert run(["project", "init", str(folder), "--glue"]) == OK
    assert capsys.readouterr().out.strip().endswith("tasks.json")


@pytest.mark.parametrize("command", ["scan", "check", "prove", "index"])
def test_what_is_no_project_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["project", command, str(tmp_path)]) == USAGE
    assert "in no Lake project" in capsys.readouterr().err
    assert run(["project", command, str(tmp_path / "none")]) == USAGE


def test_places_are_read(tmp_path: Path) -> None:
    file = tmp_path / "A.lean"
    file.write_text("")
    assert read_place(str(file)) == (file, None, None)
    assert read_place(f"{file}:12") == (file, 12, None)
    assert read_place(f"{file}:12:3") == (file, 12, 3)
    with pytest.raises(InputError, match="there is no file or folder"):
        read_place(f"{tmp_path}/B.lean:3")
