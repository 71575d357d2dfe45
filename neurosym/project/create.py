"""A new project that builds at once, with what editors and CI need to check it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template
from typing import Final

from neurosym.project import templates
from provers.errors import InputError

TOOLCHAIN: Final = "leanprover/lean4:v4.28.0"
_NAME: Final = re.compile(r"[A-Z][A-Za-z0-9_]{0,60}")
_FILES: Final[Mapping[str, str]] = {
    "lakefile.toml": "lakefile.toml",
    "lean-toolchain": "lean-toolchain",
    "root.lean": "$name.lean",
    "basic.lean": "$name/Basic.lean",
    "gitignore": ".gitignore",
    "github.yml": ".github/workflows/neurosym.yml",
    "tasks.json": ".vscode/tasks.json",
    "pre-commit.yaml": ".pre-commit-config.yaml",
}
GLUE: Final = ("github.yml", "tasks.json", "pre-commit.yaml")
"""Those that a project that is there already can have, too."""


def create(folder: Path, name: str) -> tuple[Path, ...]:
    """Make a project in a folder that is empty or not there; the files that were made.

    Raises InputError for a name that is no name of a module, a folder that holds something, and
    where it cannot be written.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"'{name[:60]}' is no name for a library: begin with a capital letter, and use letters "
            "and digits."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(f"'{folder}' holds something: name a new folder, or use --glue.")
    return _write(folder, name, tuple(_FILES))


def add_glue(folder: Path) -> tuple[Path, ...]:
    """Add what editors and CI need to a project, where it is not there; the files that were made.

    Raises InputError where it cannot be written.
    """
    return _write(folder, folder.resolve().name, GLUE, keep=True)


def _write(
    folder: Path, name: str, wanted: tuple[str, ...], *, keep: bool = False
) -> tuple[Path, ...]:
    values = {"name": name, "toolchain": TOOLCHAIN, "package": name[:1].lower() + name[1:]}
    made: list[Path] = []
    try:
        for template in wanted:
            place = folder / Template(_FILES[template]).substitute(values)
            if keep and place.exists():
                continue
            text = resources.files(templates).joinpath(template).read_text(encoding="utf-8")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(Template(text).safe_substitute(values), encoding="utf-8")
            made.append(place)
    except OSError as error:
        raise InputError(f"'{folder}' cannot be written ({error.strerror}).") from error
    return tuple(made)
