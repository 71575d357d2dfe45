"""A new project, and glue for one that is there."""

import json
import tomllib
from pathlib import Path

import pytest

from neurosym.project.create import TOOLCHAIN, add_glue, create
from provers.errors import InputError
from provers.lean import lake


def test_a_new_project_has_all_that_it_needs(tmp_path: Path) -> None:
    folder = tmp_path / "Fresh"
    made = {file.relative_to(folder).as_posix() for file in create(folder, "Fresh")}
    assert made == {
        "lakefile.toml",
        "lean-toolchain",
        "Fresh.lean",
        "Fresh/Basic.lean",
        ".gitignore",
        ".github/workflows/neurosym.yml",
        ".vscode/tasks.json",
        ".pre-commit-config.yaml",
    }
    facts = tomllib.loads((folder / "lakefile.toml").read_text())
    assert facts["name"] == "fresh" and facts["lean_lib"] == [{"name": "Fresh"}]
    assert (folder / "lean-toolchain").read_text().strip() == TOOLCHAIN
    assert "import Fresh.Basic" in (folder / "Fresh.lean").read_text()
    tasks = json.loads((folder / ".vscode/tasks.json").read_text())["tasks"]
    assert tasks[0]["args"][-1] == "${workspaceFolder}"
    assert "${{ runner.os }}" in (folder / ".github/workflows/neurosym.yml").read_text()
    assert set(lake.read(folder).modules()) == {"Fresh", "Fresh.Basic"}


@pytest.mark.parametrize("name", ["lower", "1st", "A-B", "", "A" * 70, "A/B"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no name for a library"):
        create(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    with pytest.raises(InputError, match="holds something"):
        create(tmp_path, "Fresh")
    (tmp_path / ".pre-commit-config.yaml").write_text("mine")
    made = {file.name for file in add_glue(tmp_path)}
    assert made == {"neurosym.yml", "tasks.json"}
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == "mine"
