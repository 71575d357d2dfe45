"""What the README shows is what the project does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.table import ROWS, in_readme, render, results
from neurosym.translate.english import GRAMMAR_DOC
from provers.lean.toolchain import Toolchain

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_is_made_from_the_results() -> None:
    assert in_readme(README)[1] == render(results())


def test_no_result_is_left_out_of_the_table() -> None:
    assert set(results()) <= set(ROWS)


def test_every_result_names_machine_versions_and_commit() -> None:
    found = results()
    assert found
    for name, result in found.items():
        assert result["benchmark"] == name
        assert result["machine"]["processor"]
        assert result["versions"]["z3-solver"]
        assert re.fullmatch(r"[0-9a-f]{7,}", result["commit"]), name


def test_the_grammar_is_the_translators() -> None:
    assert GRAMMAR_DOC.rstrip() in README


def _run_example(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_python_examples_run(lean_toolchain: Toolchain) -> None:
    with_lean, with_z3 = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    result, check = _run_example(with_z3)
    assert result.startswith("proved") and "how='certificate'" in check
    judged, *state, searched = _run_example(with_lean)
    assert "Outcome.PROVED" in judged and "LeanProof" in judged
    assert "TacticState" in state[0]
    assert "Outcome.PROVED" in searched


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    (command,) = re.findall(r"^(python3 -m venv .* -m pytest)$", README, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
