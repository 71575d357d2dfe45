"""The rules of the house: direction of imports, style, types, and what lies where."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("provers/**/*.py"), *ROOT.glob("neurosym/**/*.py")])
# A module may import from its own layer and from the layers before it.
LAYERS = (
    ("provers.logic",),
    ("provers",),
    ("neurosym.llm", "neurosym.translate", "neurosym.premises"),
    ("neurosym.verify", "neurosym.search"),
    ("neurosym.augment", "neurosym.runs", "neurosym.train"),
    ("neurosym.settings",),
    ("neurosym.client", "neurosym.mcp", "neurosym.project", "neurosym.service", "neurosym.cli"),
)


def _layer(module: str) -> int | None:
    """The layer of the longest name that the module is below; None for what has none."""
    places = [
        (len(name), level)
        for level, names in enumerate(LAYERS)
        for name in names
        if module == name or module.startswith(f"{name}.")
    ]
    return max(places)[1] if places else None


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{a.name}" for a in node.names)}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_back_up_the_chain(path: Path) -> None:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    mine = _layer(module)
    if mine is None:
        return
    for name in _imports(path):
        theirs = _layer(name)
        # The exception tree is the one thing that every layer shares.
        allowed = theirs is None or theirs <= mine or name.startswith("provers.errors")
        assert allowed, f"{module} imports {name}"


def test_no_import_is_forgotten() -> None:
    assert any("provers.logic.syntax" in _imports(path) for path in SOURCES)


def test_top_level_is_as_agreed() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if tracked.returncode != 0:
        pytest.skip("not a git checkout")
    top = {Path(line).parts[0] for line in tracked.stdout.splitlines()}
    agreed = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "docs"}
    folders = {"neurosym", "lean", "provers", "benchmarks", "tests"}
    assert {name for name in top if not name.startswith(".")} <= agreed | folders


@pytest.mark.parametrize("words", [["check"], ["format", "--check"]], ids=["check", "format"])
def test_ruff(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *words, "."], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_mypy_strict() -> None:
    done = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
