"""The Lean package's own tests (``#guard_msgs``), in whichever Lean is there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from provers import process
from provers.errors import MissingToolError
from provers.lean import package, toolchain
from provers.lean.toolchain import Toolchain

TESTS = sorted((package.sources() / "NeuroSymTest").glob("**/*.lean"))
SECONDS = 300.0


@pytest.fixture(scope="module")
def lean() -> Toolchain:
    try:
        return toolchain.ensure()
    except MissingToolError as error:
        pytest.skip(str(error))


def _check(lean: Toolchain, text: str) -> process.Completed:
    """Lean's run on a file of its own that may import our modules."""
    home = package.prepare(lean)
    with tempfile.TemporaryDirectory(dir=lean.root if lean.kind == "embedded" else None) as folder:
        file = Path(folder) / "Test.lean"
        file.write_text(text, encoding="utf-8")
        command = lean.command(lean.inside(file), path=[home])
        return process.run(command.argv, seconds=SECONDS, megabytes=None, env=command.env)


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.stem)
def test_what_lean_says_is_what_the_tests_expect(lean: Toolchain, file: Path) -> None:
    done = _check(lean, file.read_text(encoding="utf-8"))
    said = "\n".join(line for line in done.stdout.splitlines() if not line.startswith("[DEBUG"))
    assert done.returncode == 0, said


def test_an_unexpected_message_fails(lean: Toolchain) -> None:
    text = "import NeuroSym.Compat\n#guard_msgs in\nexample (x : ℚ) : x < x := by linarith\n"
    done = _check(lean, text)
    assert done.returncode != 0
    assert "`linarith` of NeuroSym.Compat" in done.stdout


def test_every_test_module_is_imported_by_the_library() -> None:
    listed = (package.sources() / "NeuroSymTest.lean").read_text(encoding="utf-8").split()
    assert [f"NeuroSymTest.{file.stem}" for file in TESTS] == sorted(listed[1::2])
