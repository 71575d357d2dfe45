"""What the README shows is what the project does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from benchmarks.table import in_readme, render, results
from neurosym.translate.english import GRAMMAR_DOC

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_is_made_from_the_results() -> None:
    assert in_readme(README)[1] == render(results())


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


def test_the_python_example_runs() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("proved")
    assert "how='certificate'" in done.stdout


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    (command,) = re.findall(r"^(python3 -m venv .* -m pytest)$", README, re.MULTILINE)
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
