"""The built wheel, alone in an empty environment, does the main job from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def _run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "NEUROSYM_DATA")}
    return subprocess.run(
        [str(w) for w in words], cwd=cwd, env=clean, capture_output=True, text=True, timeout=600
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    done = _run(*pip, "-w", folder, ROOT, cwd=folder)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("neurosym-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``neurosym`` command of an environment that holds the wheel and what it requires."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    done = _run(folder / "bin" / "python", "-m", "pip", "install", "-q", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "bin" / "neurosym"


def test_the_wheel_holds_code_and_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {"neurosym", "provers"} == {t for t in tops if not t.endswith(".dist-info")}
    tracked = subprocess.run(
        ["git", "ls-files", "neurosym", "provers"], cwd=ROOT, capture_output=True, text=True
    )
    if tracked.returncode == 0:
        assert set(tracked.stdout.split()) <= set(names)


def test_the_main_job_runs(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, "verify", "--example", "rules", "--json", "--recheck", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    steps = json.loads(done.stdout)["steps"]
    assert [s["verdict"] for s in steps] == ["proved", "proved", "refuted", "independent"]


def test_a_solution_is_verified(installed: Path, tmp_path: Path) -> None:
    text = "Ann has 3 bags of 12 nuts.\n\nShe has 3 * 12 = 36 nuts.\n#### 36\n"
    (tmp_path / "nuts.txt").write_text(text)
    done = _run(installed, "verify", "nuts.txt", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["verdict"] == "proved"
    assert report["answer"]["verdict"] == "proved"


@pytest.mark.parametrize("notation", ["nltk", "unicode", "tptp"])
def test_grammars_are_packaged(installed: Path, tmp_path: Path, notation: str) -> None:
    rule = {
        "nltk": "all x. (Dog(x) -> Animal(x))",
        "unicode": "∀x (Dog(x) → Animal(x))",
        "tptp": "! [X] : (dog(X) => animal(X))",
    }[notation]
    lower = notation == "tptp"
    fact, goal = ("dog(rex)", "animal(rex)") if lower else ("Dog(rex)", "Animal(rex)")
    words = ["--premise", rule, "--premise", fact, "--goal", goal, "--notation", notation]
    done = _run(installed, "prove", *words, "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["outcome"] == "proved"


def test_lean_works_away_from_the_checkout(installed: Path, tmp_path: Path) -> None:
    words = ["--language", "lean4", "--no-daemon", "--recheck", "--json"]
    goal = "import NeuroSym.Compat\ntheorem t (x : ℚ) (h : x / 4 = 12) : x = 48"
    done = _run(installed, "prove", *words, "--goal", goal, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["outcome"], answer["evidence"]["kind"]) == ("proved", "lean")
    assert answer["recheck"]["ok"] is True


def test_what_is_not_installed_is_said(installed: Path, tmp_path: Path) -> None:
    done = _run(installed, "doctor", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "neurosym[cvc5]" in done.stdout
    done = _run(installed, "verify", "--example", "rules", "--prover", "cvc5", cwd=tmp_path)
    assert done.returncode == 3
    assert "pip install 'neurosym[cvc5]'" in done.stderr
